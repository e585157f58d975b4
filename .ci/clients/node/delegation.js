'use strict';
// Access to the calendars of others: asked for with a 202, granted by a signed callback.

const assert = require('assert');
const { test } = require('node:test');
const { client, connect, connectDomain, ready, receiving, refused } = require('./sandbox');

test('authorizeWithServiceAccount: one person', async () => {
  const domain = await connectDomain(ready.service_account.administrator, 'read_write');
  await receiving(async ({ url, next }) => {
    const email = 'bram@orchard.example';
    const answer = await domain.authorizeWithServiceAccount({ email, scope: 'read_events', callback_url: url, state: 's 1' });
    assert.strictEqual(answer, '');
    const cronofy = await redeemed(await next(), url, 's 1');
    assert.strictEqual((await cronofy.userInfo()).email, email);
    assert.strictEqual((await cronofy.accountInformation()).account.scope, 'read_events');
  });
});

test('authorizeWithServiceAccount: a person and a room in one request', async () => {
  const domain = await connectDomain(ready.service_account.administrator, 'read_write');
  await receiving(async ({ url, next }) => {
    const emails = ['cleo@orchard.example', 'pear-room@orchard.example'];
    const entry = (email) => ({ email, scope: 'read_write', callback_url: url, state: email });
    await domain.authorizeWithServiceAccount({ service_account_authorizations: emails.map(entry) });
    const reached = [];
    for (const _ of emails) {
      const callback = await next();
      const { state } = callback.json.authorization;
      const cronofy = await redeemed(callback, url, state);
      reached.push(state);
      assert.strictEqual((await cronofy.userInfo()).email, state);
    }
    assert.deepStrictEqual(reached.sort(), emails);
  });
});

test('authorizeWithServiceAccount: nobody of that address', async () => {
  const domain = await connectDomain(ready.service_account.administrator, 'read_write');
  await receiving(async ({ url, next }) => {
    const email = 'nobody@orchard.example';
    await domain.authorizeWithServiceAccount({ email, scope: 'read_write', callback_url: url, state: 's 2' });
    const { error, state, code } = verified(await next()).json.authorization;
    assert.deepStrictEqual({ error, state, code }, { error: 'access_denied', state: 's 2', code: undefined });
  });
});

test('listAccessibleCalendars, delegatedAuthorizations: a calendar that is shared with a person', async () => {
  const primary = await connect('ada@orchard.example', { delegated_scope: 'read_only' });
  const { profiles } = await primary.profileInformation();
  const { profile_id } = profiles.find((profile) => profile.profile_name === 'ada@orchard.example');
  const { accessible_calendars } = await primary.listAccessibleCalendars({ profile_id });
  const { email } = accessible_calendars.find((calendar) => calendar.calendar_type === 'unknown');
  await receiving(async ({ url, next }) => {
    const request = { profile_id, email, scope: 'read_only', callback_url: url, state: 's 3' };
    assert.strictEqual(await primary.delegatedAuthorizations(request), '');
    const cronofy = await redeemed(await next(), url, 's 3');
    assert.strictEqual((await cronofy.userInfo()).email, email);
  });
});

test('listAccessibleCalendars: only the rooms', async () => {
  const primary = await connect('ada@orchard.example', { delegated_scope: 'free_busy' });
  const { profiles } = await primary.profileInformation();
  const { profile_id } = profiles.find((profile) => profile.profile_name === 'ada@orchard.example');
  const { accessible_calendars } = await primary.listAccessibleCalendars({ profile_id, calendar_type: 'resource' });
  assert.ok(accessible_calendars.length > 0);
  assert.ok(accessible_calendars.every((calendar) => calendar.calendar_type === 'resource'));
});

test('revokeAuthorization: with a service account go all who were reached through it', async () => {
  const domain = await connectDomain('admin@harbourdental.example', 'read_write');
  await receiving(async ({ url, next }) => {
    await domain.authorizeWithServiceAccount({ email: 'bo@harbourdental.example', scope: 'read_write', callback_url: url });
    const cronofy = await redeemed(await next(), url);
    await cronofy.userInfo();
    await domain.revokeAuthorization();
    await assert.rejects(cronofy.userInfo(), refused(401));
  });
});

/** The callback, once the client's own check of its signature has passed. */
function verified(callback) {
  const cronofy = client();
  assert.strictEqual(cronofy.hmacValid({ hmac: callback.hmac, body: callback.body }), true);
  assert.strictEqual(cronofy.hmacValid({ hmac: callback.hmac, body: callback.body + ' ' }), false);
  assert.strictEqual(client({ client_secret: 'another' }).hmacValid({ hmac: callback.hmac, body: callback.body }), false);
  return callback;
}

/** A client that holds what the code of a callback is worth. */
async function redeemed(callback, callback_url, expected) {
  const { code, state } = verified(callback).json.authorization;
  assert.strictEqual(state, expected);
  const cronofy = client();
  await cronofy.requestAccessToken({ code, callback_url });
  return cronofy;
}
