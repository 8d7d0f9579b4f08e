// oauth2-mock-server grants everything to everybody. Around it: a code and a refresh token work once, PKCE cannot be
// left out, a device waits for its person, what was revoked is dead, and every request for a token is written down.
// Words: the folder that has node_modules, the port.

import { createServer } from 'node:http'
import { randomUUID } from 'node:crypto'

const [home, port] = process.argv.slice(2)
const { OAuth2Issuer, OAuth2Service } = await import(`${home}/node_modules/oauth2-mock-server/dist/index.mjs`)
const issuer = new OAuth2Issuer()
issuer.url = `http://127.0.0.1:${port}`
await issuer.keys.generate('RS256')
const service = new OAuth2Service(issuer)

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code'
const codes = new Map() // code -> {person, client, redirect, challenged}
const devices = new Map() // device code -> {userCode, person, denied, polled}
const refreshes = new Map() // refresh token -> person
const accesses = new Map() // access token -> {person, until}
const ledger = []
const rules = { lifetime: 3600, deny: false, interval: 1 }

service.on('beforeAuthorizeRedirect', ({ url }, { query }) => {
  if (rules.deny) {
    url.searchParams.delete('code')
    url.searchParams.set('error', 'access_denied')
    return
  }
  codes.set(url.searchParams.get('code'), {
    person: query.login_hint ?? 'agent@helpdesk.test',
    client: query.client_id,
    redirect: query.redirect_uri,
    challenged: 'code_challenge' in query,
  })
})

/** Why this request for a token is refused; undefined when it is not. Whatever works once is used up. */
function refusal(body, req) {
  if (body.grant_type === 'authorization_code') {
    const code = codes.get(body.code)
    codes.delete(body.code)
    if (!code || code.client !== body.client_id || code.redirect !== body.redirect_uri) return 'invalid_grant'
    if (code.challenged !== 'code_verifier' in body) return 'invalid_grant'
    req.person = code.person
  } else if (body.grant_type === 'refresh_token') {
    req.person = refreshes.get(body.refresh_token)
    refreshes.delete(body.refresh_token)
    if (!req.person) return 'invalid_grant'
  } else if (body.grant_type === DEVICE) {
    const device = devices.get(body.device_code)
    if (!device) return 'expired_token'
    if (device.denied) return 'access_denied'
    const early = Date.now() - device.polled < rules.interval * 1000
    device.polled = Date.now()
    if (early) return 'slow_down'
    if (!device.person) return 'authorization_pending'
    devices.delete(body.device_code)
    req.person = device.person
    body.grant_type = 'authorization_code' // which the package knows
  } else {
    return 'unsupported_grant_type'
  }
}

service.on('beforeTokenSigning', (token, req) => {
  token.payload.sub = req.person
})
service.on('beforeResponse', (response, req) => {
  response.body.expires_in = rules.lifetime
  refreshes.set(response.body.refresh_token, req.person)
  accesses.set(response.body.access_token, { person: req.person, until: Date.now() + rules.lifetime * 1000 })
})
service.on('beforeIntrospect', (response, req) => {
  const found = accesses.get(req.body.token)
  const active = Boolean(found && Date.now() < found.until)
  response.body = active ? { active, username: found.person } : { active }
})
service.on('beforeRevoke', (_response, req) => {
  refreshes.delete(req.body.token)
  accesses.delete(req.body.token)
})

function newDevice() {
  const [code, userCode] = [randomUUID(), randomUUID().slice(0, 8).toUpperCase()]
  devices.set(code, { userCode, polled: 0 })
  const page = `${issuer.url}/device`
  return {
    device_code: code,
    user_code: userCode,
    verification_uri: page,
    verification_uri_complete: `${page}?user_code=${userCode}`,
    expires_in: 600,
    interval: rules.interval,
  }
}

function answerDevice({ user_code, person, denied }) {
  for (const device of devices.values()) {
    if (device.userCode === user_code) Object.assign(device, { person, denied })
  }
  return {}
}

const say = (res, status, body) => {
  res.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }).end(JSON.stringify(body))
}

createServer(async (req, res) => {
  const path = new URL(req.url, issuer.url).pathname
  let text = ''
  for await (const chunk of req) text += chunk
  const json = req.headers['content-type']?.startsWith('application/json')
  req.body = json ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text))
  if (path === '/ledger') return say(res, 200, ledger)
  if (path === '/rules') return say(res, 200, Object.assign(rules, req.body))
  if (path === '/device/code') return say(res, 200, newDevice())
  if (path === '/device/answer') return say(res, 200, answerDevice(req.body))
  if (path === '/token') {
    const entry = { grant: req.body.grant_type, token: req.body.refresh_token ?? null, refused: refusal(req.body, req) ?? null }
    ledger.push(entry)
    if (entry.refused) return say(res, 400, { error: entry.refused })
    res.on('finish', () => {
      if (res.statusCode >= 400) entry.refused = String(res.statusCode)
    })
  }
  service.requestHandler(req, res)
}).listen(Number(port), '127.0.0.1')
