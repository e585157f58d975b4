'use strict';
// Channels: told of changes, by requests whose signature the client checks.

const assert = require('assert');
const { test } = require('node:test');
const { client, connect, control, day, primary, receiving, refused, time } = require('./sandbox');

test('createNotificationChannel: verified at once, told of a change, closed', async () => {
  const cronofy = await connect('rui@harbourdental.example');
  await receiving(async ({ url, next }) => {
    const { channel } = await cronofy.createNotificationChannel({ callback_url: url });
    assert.match(channel.channel_id, /^chn_/);
    assert.strictEqual(channel.callback_url, url);
    assert.deepStrictEqual(notification(await next(), channel), { type: 'verification' });

    const since = new Date();
    const lunch = { summary: 'Lunch', start: time(day(2), 12), end: time(day(2), 13) };
    await control('POST', '/users/rui@harbourdental.example/events', lunch);
    const { type, changes_since } = notification(await next(), channel);
    assert.strictEqual(type, 'change');
    assert.match(changes_since, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.ok(new Date(changes_since) <= since);
    const { events } = await cronofy.readEvents({ tzid: 'Etc/UTC', last_modified: changes_since });
    assert.ok(events.some((event) => event.summary === 'Lunch'));

    assert.strictEqual(await cronofy.deleteNotificationChannel(channel), '');
    const { channels } = await cronofy.listNotificationChannels();
    assert.ok(channels.every(({ channel_id }) => channel_id !== channel.channel_id));
  });
});

test('createNotificationChannel: the same request is the same channel', async () => {
  const cronofy = await connect('rui@harbourdental.example');
  await receiving(async ({ url }) => {
    const request = { callback_url: url, filters: { calendar_ids: [await primary(cronofy)], only_managed: true } };
    const { channel } = await cronofy.createNotificationChannel(request);
    assert.deepStrictEqual(channel.filters, request.filters);
    assert.deepStrictEqual((await cronofy.createNotificationChannel(request)).channel, channel);
    const { channels } = await cronofy.listNotificationChannels();
    assert.deepStrictEqual(channels.filter(({ callback_url }) => callback_url === url), [channel]);
    await cronofy.deleteNotificationChannel({ channel_id: channel.channel_id });
  });
});

test('deleteNotificationChannel: 404 for one that nobody knows', async () => {
  const cronofy = await connect('rui@harbourdental.example');
  await assert.rejects(cronofy.deleteNotificationChannel({ channel_id: 'chn_none' }), refused(404));
});

/** What is told, once the client's own check of the signature has passed. */
function notification({ body, hmac, json }, { channel_id, callback_url }) {
  assert.strictEqual(client().hmacValid({ hmac, body }), true);
  assert.strictEqual(client().hmacValid({ hmac, body: body + ' ' }), false);
  assert.strictEqual(json.channel.channel_id, channel_id);
  assert.strictEqual(json.channel.callback_url, callback_url);
  return json.notification;
}
