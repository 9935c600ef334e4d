// nodemailer's mail server and its reader of mails (npm: smtp-server, mailparser),
// as a test wants them. Each line of JSON on the standard input is one of
//
//   {serve: {…}}   a server: options of smtp-server, and user, password, refuse:
//                  an answer for auth, from, to or data in place of success, where
//                  {times} says how often; it is answered with its port
//   {received: 0}  all mails that came so far, as they are read, and as they came
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

for (const level of ['log', 'info', 'warn']) console[level] = console.error;
const require = createRequire(`${process.env.TANDEM_ISSUER}/`);
const { SMTPServer } = require('smtp-server');
const { simpleParser } = require('mailparser');

const mails = [];

async function serve({ user, password, refuse = {}, ...options }) {
  // refusal is what a step is answered with; null is success.
  const refusal = (step, address) => {
    const r = refuse[step];
    if (!r || (r.address && r.address !== address) || r.times === 0) return null;
    if (r.times) r.times -= 1;
    return Object.assign(new Error(r.text), { responseCode: r.code });
  };
  const server = new SMTPServer({
    ...options,
    name: 'mail.example',
    logger: false,
    onAuth(auth, session, done) {
      const good = auth.username === user && (auth.password === password || auth.validatePassword?.(password));
      const wrong = refusal('auth') ?? (good ? null : Object.assign(new Error('5.7.8 no such user'), { responseCode: 535 }));
      done(wrong, { user: auth.username });
    },
    onMailFrom(address, session, done) { done(refusal('from', address.address)); },
    onRcptTo(address, session, done) { done(refusal('to', address.address)); },
    onData(stream, session, done) {
      const chunks = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        const wrong = refusal('data') ?? (stream.sizeExceeded ? Object.assign(new Error('too large'), { responseCode: 552 }) : null);
        if (!wrong) mails.push({ raw: Buffer.concat(chunks), session: { user: session.user, secure: session.secure, ...session.envelope } });
        done(wrong);
      });
    },
  });
  server.on('error', (error) => console.error(error.message)); // such as a client that hangs up
  await new Promise((ready) => { server.listen(0, '127.0.0.1', ready); });
  return { port: server.server.address().port };
}

async function read({ raw, session }) {
  const mail = await simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true });
  const lines = raw.toString('latin1').split('\r\n');
  return {
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    links: [...mail.html.matchAll(/<a href="([^"]*)">/g)].map(([, href]) => href.replaceAll('&amp;', '&').replaceAll('&#43;', '+')),
    from: mail.from.text,
    to: mail.to.text,
    headers: Object.fromEntries(mail.headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(':') + 1).trim()])),
    attachments: mail.attachments.length,
    longest: Math.max(...lines.map((line) => line.length)),
    bare: lines.some((line) => /[\r\n]/.test(line)), // a line that ends otherwise than CRLF
    eight: /[\x80-\xff]/.test(raw.toString('latin1')),
    user: session.user || '',
    secure: session.secure,
    sender: session.mailFrom.address,
    readers: session.rcptTo.map(({ address }) => address),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const question = JSON.parse(line);
  const answer = question.serve ? await serve(question.serve) : await Promise.all(mails.map(read));
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
