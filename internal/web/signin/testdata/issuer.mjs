// The OpenID provider of panva (npm: oidc-provider), as a test wants it. Each
// line of JSON on the standard input says how it shall be from now on:
//
//   configuration  that of oidc-provider, without functions
//   people         claims by subject
//   keys           what it signs with: names and kinds; a name is one key
//   path           below which it answers, empty for the root
//
// Codes, grants and sessions stay from one line to the next. It answers with its
// address.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

for (const level of ['log', 'info', 'warn']) console[level] = console.error;
const { default: Provider } = await import(pathToFileURL(`${process.env.TANDEM_ISSUER}/node_modules/oidc-provider/lib/index.js`));

const made = new Map();

// keyOf makes a key: RSA for RS256 and PS256, P-256, or Ed25519.
function keyOf({ name, alg }) {
  if (!made.has(name)) {
    const [kind, options] = { ES256: ['ec', { namedCurve: 'P-256' }], EdDSA: ['ed25519', {}] }[alg] ?? ['rsa', { modulusLength: 2048 }];
    made.set(name, { ...generateKeyPairSync(kind, options).privateKey.export({ format: 'jwk' }), kid: name, alg, use: 'sig' });
  }
  return made.get(name);
}

let answer;
const server = createServer((request, response) => answer(request, response));
await new Promise((ready) => { server.listen(0, '127.0.0.1', ready); });
const root = `http://127.0.0.1:${server.address().port}`;

function become({ configuration, people, keys, path = '' }) {
  const provider = new Provider(root + path, {
    ...configuration,
    jwks: { keys: keys.map(keyOf) },
    findAccount: (_, sub) => people[sub] && { accountId: sub, claims: () => ({ sub, ...people[sub] }) },
    pkce: { required: () => true, ...configuration.pkce },
  });
  provider.on('server_error', (_, error) => console.error(error));
  for (const event of ['authorization.error', 'grant.error', 'end_session.error']) {
    provider.on(event, (_, error) => console.error(event, error.message, error.error_description, error.error_detail));
  }
  const handle = provider.callback();
  answer = (request, response) => {
    if (!request.url.startsWith(path)) {
      response.writeHead(404).end();
      return;
    }
    request.originalUrl = request.url;
    request.url = request.url.slice(path.length) || '/';
    handle(request, response);
  };
  return { address: root + path };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(become(JSON.parse(line)))}\n`);
}
process.exit(0);
