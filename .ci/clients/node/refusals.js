'use strict';
// The client has one class of error: `statusCode`, and the body as `error.entity`.

const assert = require('assert');
const { test } = require('node:test');
const { client, connect, control, refused } = require('./sandbox');

const REQUIRED = [{ key: 'errors.required', description: 'required' }];

test('401: a token that nobody knows', async () => {
  await assert.rejects(client({ access_token: 'unknown' }).userInfo(), refused(401, ''));
});

test('401: no token at all, which the client sends as "undefined"', async () => {
  await assert.rejects(client().listCalendars(), refused(401, ''));
});

test('403: a scope that was not granted', async () => {
  const cronofy = await connect('rui@harbourdental.example', { scope: 'create_event' });
  await assert.rejects(cronofy.freeBusy({ tzid: 'Etc/UTC' }), refused(403, ''));
});

test('403: what only a service account may', async () => {
  const cronofy = await connect('rui@harbourdental.example');
  const request = { email: 'bo@harbourdental.example', scope: 'read_write', callback_url: 'http://127.0.0.1:9/' };
  await assert.rejects(cronofy.authorizeWithServiceAccount(request), refused(403, ''));
});

test('404: a profile of somebody else', async () => {
  const cronofy = await connect('rui@harbourdental.example');
  await assert.rejects(cronofy.revokeProfileAuthorization({ profile_id: 'pro_unknown' }), refused(404, ''));
});

test('404: what the sandbox does not serve, and says so', async () => {
  const cronofy = await connect('rui@harbourdental.example');
  const request = { redirect_uri: 'http://127.0.0.1:9/' };
  await assert.rejects(cronofy.conferencingServiceAuthorizations(request), (error) => {
    return refused(404)(error) && error.error.entity.error === 'not_served';
  });
});

test('422: each field that is wrong, by its key', async () => {
  const cronofy = await connect('rui@harbourdental.example', { delegated_scope: 'read_only' });
  const entity = { errors: { profile_id: REQUIRED, email: REQUIRED, callback_url: REQUIRED, scope: REQUIRED } };
  await assert.rejects(cronofy.delegatedAuthorizations(), refused(422, entity));
});

test('422: a time zone that nobody knows', async () => {
  const cronofy = await connect('rui@harbourdental.example');
  await assert.rejects(cronofy.freeBusy({ tzid: 'Nowhere/Else' }), (error) => {
    return refused(422)(error) && error.error.entity.errors.tzid[0].key === 'errors.tzid_unrecognized';
  });
});

test('429: more than fifty requests in a second', async () => {
  const cronofy = await connect('rui@harbourdental.example');
  await control('PUT', '/clock', { frozen: true });
  await control('PATCH', '/settings', { rate_limits: { enabled: true } });
  for (let count = 0; count < 50; count += 1) await cronofy.userInfo();
  await assert.rejects(cronofy.userInfo(), refused(429, ''));
  await control('POST', '/clock/advance', { seconds: 1 });
  await cronofy.userInfo();
});
