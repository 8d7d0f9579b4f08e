"""HTTP: the only room that knows httpx and websockets. Its modules are imported by name, by adapters alone.

client      requests with a total deadline and a cap on what is decoded, at one origin
asking      one request, one answer
login       what makes a request ours
origin      where a secret may go
bodies      unpacked under a cap, read as JSON
trouble     what went wrong → our tree of errors, in one place
quota       the limits a service announces, obeyed before they are hit
pages       the next page by link, cursor or offset
streams     server-sent events with heartbeat and resume
sockets     websockets, likewise
"""
