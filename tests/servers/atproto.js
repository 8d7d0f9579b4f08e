// The atproto network for the tests: a directory, a PDS, an AppView; no labeller. What is where comes from the environment.
const http = require('node:http')
const net = require('node:net')
const { existsSync } = require('node:fs')
const { setTimeout: sleep } = require('node:timers/promises')

// Some of the packages' listeners know no host.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (where, ...more) {
  const asked = typeof where === 'object' ? where : { port: where }
  return listen.call(this, { ...asked, host: '127.0.0.1' }, ...more.filter((word) => typeof word === 'function'))
}

const { TestPlc } = require('@atproto/dev-env/dist/plc.js')
const { TestBsky } = require('@atproto/dev-env/dist/bsky.js')
const { TestPds } = require('@atproto/dev-env/dist/pds.js')
const { mockResolvers } = require('@atproto/dev-env/dist/util.js')

const env = process.env
const [plcPort, appViewPort, pdsPort, controlPort, chatPort] = env.PORTS.split(',').map(Number)

// The makers run the direct messages elsewhere and do not give them away: a test's own stand there.
const chat = {
  id: 'did:web:api.bsky.chat',
  service: [{ id: '#bsky_chat', type: 'BskyChatService', serviceEndpoint: `http://localhost:${chatPort}` }],
}

async function start() {
  const plc = await TestPlc.create({ port: plcPort })
  while (!existsSync(env.POSTGRES_READY)) await sleep(20)
  const appView = await TestBsky.create({
    port: appViewPort,
    plcUrl: plc.url,
    publicUrl: `http://localhost:${appViewPort}`,
    repoProvider: `ws://localhost:${pdsPort}`,
    dbPostgresUrl: env.POSTGRES_URL,
    dbPostgresSchema: 'appview',
  })
  const pds = await TestPds.create({
    port: pdsPort,
    didPlcUrl: plc.url,
    bskyAppViewUrl: appView.url,
    bskyAppViewDid: appView.ctx.cfg.serverDid,
    enableDidDocWithSession: true,
  })
  // Clients find it where the directory says; the AppView goes past that.
  pds.ctx.cfg.service.publicUrl = env.PUBLIC_URL
  mockResolvers(appView.ctx.idResolver, pds)
  mockResolvers(appView.dataplane.idResolver, pds)
  const { did: resolver } = pds.ctx.idResolver
  const elsewhere = resolver.resolveNoCache.bind(resolver)
  resolver.resolveNoCache = async (did) => (did === chat.id ? chat : elsewhere(did))
  return { pds, appView }
}

// Return when the AppView shows everything that the PDS has.
async function settle({ pds, appView }) {
  await pds.processAll()
  const last = (await pds.ctx.sequencer.curr()) ?? 0
  do {
    await sleep(5)
    await appView.sub.processAll()
  } while (((await appView.sub.runner.getCursor()) ?? 0) < last)
}

start().then((network) => {
  http
    .createServer((_, answer) => settle(network).then(() => answer.end('{}'), (error) => answer.writeHead(500).end(`${error}`)))
    .listen(controlPort)
})
