'use strict';
// Whose account it is, and what calendars there are.

const assert = require('assert');
const { test } = require('node:test');
const { connect, connectDomain, ready } = require('./sandbox');

test('userInfo: the account, its profiles and their calendars', async () => {
  const info = await (await connect('cleo@orchard.example')).userInfo();
  assert.match(info.sub, /^acc_[0-9a-f]{24}$/);
  assert.strictEqual(info['cronofy.type'], 'account');
  assert.strictEqual(info.email, 'cleo@orchard.example');
  assert.strictEqual(info.zoneinfo, 'Europe/Paris');
  const { authorization, profiles } = info['cronofy.data'];
  assert.deepStrictEqual(authorization, { scope: 'read_write', status: 'active' });
  assert.strictEqual(profiles[0].profile_connected, true);
  assert.match(profiles[0].profile_calendars[0].calendar_id, /^cal_/);
});

test('userInfo: by callback instead of promise', async () => {
  const cronofy = await connect('cleo@orchard.example');
  const info = await new Promise((resolve, reject) => {
    cronofy.userInfo((error, info) => error ? reject(error) : resolve(info));
  });
  assert.strictEqual(info.email, 'cleo@orchard.example');
});

test('userInfo: a service account', async () => {
  const info = await (await connectDomain(ready.service_account.administrator, 'read_write')).userInfo();
  assert.strictEqual(info.sub, ready.service_account.sub);
  assert.strictEqual(info['cronofy.type'], 'service_account');
  assert.strictEqual(info['cronofy.data'].service_account.domain, ready.service_account.domain);
  assert.strictEqual(info['cronofy.data'].authorization.delegated_scope, 'read_write');
});

test('accountInformation: the same account', async () => {
  const cronofy = await connect('cleo@orchard.example');
  const { account } = await cronofy.accountInformation();
  assert.strictEqual(account.account_id, (await cronofy.userInfo()).sub);
  assert.strictEqual(account.default_tzid, 'Europe/Paris');
  assert.strictEqual(account.scope, 'read_write');
});

test('profileInformation: its logins', async () => {
  const { profiles } = await (await connect('cleo@orchard.example')).profileInformation();
  assert.strictEqual(profiles.length, 1);
  assert.strictEqual(profiles[0].provider_name, 'google');
  assert.strictEqual(profiles[0].provider_service, 'gsuite');
  assert.strictEqual(profiles[0].profile_name, 'cleo@orchard.example');
});

test('listCalendars: with the profile that each belongs to', async () => {
  const cronofy = await connect('cleo@orchard.example');
  const [profile] = (await cronofy.profileInformation()).profiles;
  const { calendars } = await cronofy.listCalendars();
  assert.ok(calendars.every((calendar) => calendar.profile_id === profile.profile_id));
  assert.strictEqual(calendars.filter((calendar) => calendar.calendar_primary).length, 1);
});
