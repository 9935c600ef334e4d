// Microsoft's reader of Adaptive Cards (npm: adaptivecards). Each line of JSON on
// the standard input is a message for Teams; it answers with what the reader
// finds wrong with its card, with the texts as it shows them, and the addresses.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

const file = (name) => readFileSync(`${process.env.TANDEM_ISSUER}/node_modules/adaptivecards/${name}`, 'utf8');
const module = { exports: {} };
// It is written for browsers, and reads cards without one.
new Function('module', 'exports', 'require', 'self', 'window', file('dist/adaptivecards.js'))(module, module.exports, createRequire(`${process.env.TANDEM_ISSUER}/`), globalThis, globalThis);
const { AdaptiveCard, SerializationContext, Versions } = module.exports;
const { formatText } = await import(`data:text/javascript,${encodeURIComponent(file('lib/text-formatters.js'))}`);

function read({ attachments: [{ content }] }) {
  const card = new AdaptiveCard();
  const context = new SerializationContext(Versions.v1_4);
  card.parse(content, context);
  const runs = [...Array(card.getItemCount()).keys()].flatMap((i) => {
    const block = card.getItemAt(i);
    return [...Array(block.getInlineCount()).keys()].map((j) => block.getInlineAt(j));
  });
  return {
    wrong: [
      ...[...Array(context.eventCount).keys()].map((i) => context.getEventAt(i).message),
      ...card.validateProperties().validationEvents.map(({ message }) => message),
    ],
    text: runs.map((run) => formatText('en', run.text)).join(''),
    links: [...runs.map((run) => run.selectAction), ...[...Array(card.getActionCount()).keys()].map((i) => card.getActionAt(i))].filter(Boolean).map(({ url }) => url),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(read(JSON.parse(line)))}\n`);
}
process.exit(0);
