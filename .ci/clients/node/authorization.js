'use strict';
// From a code to tokens, from tokens to newer ones, and to the end of it.

const assert = require('assert');
const { test } = require('node:test');
const { REDIRECT_URI, client, connect, consent, refused } = require('./sandbox');

const DEAD = { error: 'invalid_grant' };

test('requestAccessToken: a code becomes tokens, an account and its linking profile', async () => {
  const cronofy = client();
  const code = await consent('bram@orchard.example');
  const tokens = await cronofy.requestAccessToken({ code, redirect_uri: REDIRECT_URI });
  assert.strictEqual(tokens.token_type, 'bearer');
  assert.strictEqual(tokens.scope, 'read_write');
  assert.match(tokens.account_id, /^acc_[0-9a-f]{24}$/);
  assert.strictEqual(tokens.linking_profile.profile_name, 'bram@orchard.example');
  assert.ok(tokens.expires_in > 0);
  assert.strictEqual(cronofy.config.access_token, tokens.access_token);
  assert.strictEqual(cronofy.config.refresh_token, tokens.refresh_token);
});

test('requestAccessToken: works once, and for the URI that the code was asked for', async () => {
  const code = await consent('bram@orchard.example');
  const elsewhere = { code, redirect_uri: 'http://127.0.0.1:9/elsewhere' };
  await assert.rejects(client().requestAccessToken(elsewhere), refused(400, DEAD));
  await client().requestAccessToken({ code, redirect_uri: REDIRECT_URI });
  await assert.rejects(client().requestAccessToken({ code, redirect_uri: REDIRECT_URI }), refused(400, DEAD));
});

test('refreshAccessToken: the new token works', async () => {
  const cronofy = await connect('bram@orchard.example');
  const before = cronofy.config.access_token;
  const tokens = await cronofy.refreshAccessToken();
  assert.notStrictEqual(tokens.access_token, before);
  assert.strictEqual(cronofy.config.access_token, tokens.access_token);
  assert.strictEqual((await cronofy.userInfo()).email, 'bram@orchard.example');
});

test('refreshAccessToken: a wrong client secret is an invalid client', async () => {
  const { refresh_token } = (await connect('bram@orchard.example')).config;
  const cronofy = client({ client_secret: 'wrong', refresh_token });
  await assert.rejects(cronofy.refreshAccessToken(), refused(400, { error: 'invalid_client' }));
});

test('revokeAuthorization: by the refresh token that the client holds', async () => {
  await revokedBy((cronofy) => cronofy.revokeAuthorization());
});

test('revokeAuthorization: by an access token', async () => {
  await revokedBy(({ config }) => client().revokeAuthorization({ token: config.access_token }));
});

test('revokeAuthorization: by the subject', async () => {
  await revokedBy(async (cronofy) => client().revokeAuthorization({ sub: (await cronofy.userInfo()).sub }));
});

/** Whatever names it, the whole authorization ends: its access token and its refresh token. */
async function revokedBy(revoke) {
  const cronofy = await connect('bram@orchard.example');
  const { access_token, refresh_token } = cronofy.config;
  await revoke(cronofy);
  await assert.rejects(client({ access_token }).userInfo(), refused(401, ''));
  await assert.rejects(client({ refresh_token }).refreshAccessToken(), refused(400, DEAD));
}

test('revokeProfileAuthorization: one login goes, the authorization stays', async () => {
  await connect('ada@orchard.example');
  const cronofy = await connect('ada@fruitmail.example');
  const names = async () => (await cronofy.profileInformation()).profiles.map((profile) => profile.profile_name);
  assert.deepStrictEqual((await names()).sort(), ['ada@fruitmail.example', 'ada@orchard.example']);
  const { profiles } = await cronofy.profileInformation();
  const { profile_id } = profiles.find((profile) => profile.profile_name === 'ada@fruitmail.example');
  assert.strictEqual(await cronofy.revokeProfileAuthorization({ profile_id }), '');
  assert.deepStrictEqual(await names(), ['ada@orchard.example']);
});

test('applicationCalendar: created once, opened again', async () => {
  const cronofy = client();
  const first = await cronofy.applicationCalendar({ application_calendar_id: 'front-desk' });
  assert.match(first.sub, /^apc_/);
  assert.strictEqual(first.linking_profile.provider_name, 'cronofy');
  assert.strictEqual((await cronofy.userInfo())['cronofy.type'], 'application_calendar');
  const second = await client().applicationCalendar({ application_calendar_id: 'front-desk' });
  assert.strictEqual(second.sub, first.sub);
});
