'use strict';
// Calendars of the application's own, and leave to touch what it did not write.

const assert = require('assert');
const { test } = require('node:test');
const { allow, connect, control, day, primary, refused, time } = require('./sandbox');

test('createCalendar: listed, and written to', async () => {
  const cronofy = await connect('kit@webmail.example');
  const [{ profile_id }] = (await cronofy.profileInformation()).profiles;
  const { calendar } = await cronofy.createCalendar({ profile_id, name: 'Visits', color: '#49BED8' });
  assert.strictEqual(calendar.calendar_name, 'Visits');
  assert.strictEqual(calendar.profile_id, profile_id);
  const { calendars } = await cronofy.listCalendars();
  assert.ok(calendars.some(({ calendar_id }) => calendar_id === calendar.calendar_id));
  const { calendar_id } = calendar;
  const visit = { event_id: 'visit-1', summary: 'Visit', start: time(day(2), 9), end: time(day(2), 10) };
  await cronofy.createEvent({ calendar_id, ...visit });
  const options = { tzid: 'Etc/UTC', calendar_ids: [calendar_id], include_managed: true };
  const { events } = await cronofy.readEvents(options);
  assert.deepStrictEqual(events.map((event) => event.event_id), ['visit-1']);
});

test('createCalendar: 422 without a name', async () => {
  const cronofy = await connect('kit@webmail.example');
  const [{ profile_id }] = (await cronofy.profileInformation()).profiles;
  await assert.rejects(cronofy.createCalendar({ profile_id }), (error) => {
    return refused(422)(error) && error.error.entity.errors.name[0].key === 'errors.required';
  });
});

test('updateExternalEvent, deleteExternalEvent: once elevatedPermissions are granted', async () => {
  const cronofy = await connect('kit@webmail.example');
  const calendar_id = await primary(cronofy);
  const lunch = { summary: 'Lunch', start: time(day(2), 12), end: time(day(2), 13) };
  await control('POST', '/users/kit@webmail.example/events', lunch);
  const find = async (summary) => {
    const { events } = await cronofy.readEvents({ tzid: 'Etc/UTC' });
    return events.find((event) => event.summary === summary);
  };
  const { event_uid } = await find('Lunch');
  const later = { calendar_id, event_uid, ...lunch, summary: 'Late lunch' };
  await assert.rejects(cronofy.updateExternalEvent(later), refused(403));

  const permissions = [{ calendar_id, permission_level: 'unrestricted' }];
  const asked = await cronofy.elevatedPermissions({ permissions, redirect_uri: 'http://127.0.0.1:9/done' });
  const done = await allow(asked.permissions_request.url);
  assert.strictEqual(done.href, 'http://127.0.0.1:9/done');
  const { calendars } = await cronofy.listCalendars();
  const calendar = calendars.find((calendar) => calendar.calendar_id === calendar_id);
  assert.strictEqual(calendar.permission_level, 'unrestricted');

  assert.strictEqual(await cronofy.updateExternalEvent(later), '');
  assert.strictEqual((await find('Late lunch')).event_uid, event_uid);
  assert.strictEqual(await cronofy.deleteExternalEvent({ calendar_id, event_uid }), '');
  assert.strictEqual(await find('Late lunch'), undefined);
});
