'use strict';
// A reporter for node's test runner: one line per test, and all of what went wrong.

module.exports = async function * lines (events) {
  for await (const { type, data } of events) {
    if (type === 'test:pass') yield `node    ${data.name}\n`;
    if (type === 'test:fail') yield `node    FAILED ${data.name}\n${data.details.error.cause?.stack ?? data.details.error}\n`;
    if (type === 'test:diagnostic' && /^(pass|fail) /.test(data.message)) yield `node    ${data.message}\n`;
  }
};
