'use strict';
// Events: written, read in pages, changed, deleted.

const assert = require('assert');
const { test } = require('node:test');
const { connect, day, primary, refused, time } = require('./sandbox');

const EVERYTHING = { tzid: 'Etc/UTC', include_managed: true };
const MANAGED = { tzid: 'Etc/UTC', only_managed: true, include_managed: true };

/** Somebody's calendar to write to. */
async function writer() {
  const cronofy = await connect('sam@postbox.example');
  return { cronofy, calendar_id: await primary(cronofy) };
}

function visit(number, options) {
  return {
    event_id: `visit-${number}`,
    summary: `Visit ${number}`,
    description: 'First visit.',
    start: time(day(2), 9),
    end: time(day(2), 10),
    tzid: 'Etc/UTC',
    ...options
  };
}

/** Writes so many of them. */
async function write(cronofy, calendar_id, count) {
  for (let number = 0; number < count; number += 1) await cronofy.createEvent({ calendar_id, ...visit(number) });
}

/** What the application wrote, page by page. */
async function managed(cronofy, options = {}) {
  return everyPage((more) => cronofy.readEvents(more), { ...MANAGED, ...options }, 'events');
}

/** Follows `next_page` until there is none, with the first options again, as the client's users do. */
async function everyPage(read, options, rows) {
  const found = [];
  let pages = {};
  let count = 0;
  do {
    const page = await read({ ...options, ...(pages.next_page && { next_page: pages.next_page }) });
    count += 1;
    pages = page.pages;
    assert.strictEqual(pages.current, count);
    found.push(...page[rows]);
  } while (pages.next_page);
  assert.strictEqual(pages.total, count);
  return Object.assign(found, { pages: count });
}

test('createEvent: written, and read as it was written', async () => {
  const { cronofy, calendar_id } = await writer();
  const location = { description: 'Room 2' };
  const answer = await cronofy.createEvent({ calendar_id, ...visit(1, { location, transparency: 'opaque' }) });
  assert.strictEqual(answer, '');
  const [event] = await managed(cronofy);
  assert.strictEqual(event.calendar_id, calendar_id);
  assert.strictEqual(event.event_id, 'visit-1');
  assert.match(event.event_uid, /^evt_/);
  assert.strictEqual(event.summary, 'Visit 1');
  assert.strictEqual(event.start, time(day(2), 9));
  assert.strictEqual(event.end, time(day(2), 10));
  assert.strictEqual(event.location.description, 'Room 2');
  assert.strictEqual(event.deleted, false);
});

test('createEvent: the same event_id again changes the event', async () => {
  const { cronofy, calendar_id } = await writer();
  await cronofy.createEvent({ calendar_id, ...visit(1) });
  const [before] = await managed(cronofy);
  await cronofy.createEvent({ calendar_id, ...visit(1, { summary: 'Later', end: time(day(2), 11) }) });
  const [after, ...others] = await managed(cronofy);
  assert.deepStrictEqual(others, []);
  assert.strictEqual(after.event_uid, before.event_uid);
  assert.strictEqual(after.summary, 'Later');
  assert.strictEqual(after.end, time(day(2), 11));
});

test('createEvent: a whole day', async () => {
  const { cronofy, calendar_id } = await writer();
  const [start, end] = [time(day(2)).slice(0, 10), time(day(3)).slice(0, 10)];
  await cronofy.createEvent({ calendar_id, ...visit(1, { start, end }) });
  const [event] = await managed(cronofy);
  assert.deepStrictEqual([event.start, event.end], [start, end]);
});

test('readEvents: other people\'s events, unless the application\'s own are asked for', async () => {
  const { cronofy, calendar_id } = await writer();
  await cronofy.createEvent({ calendar_id, ...visit(1) });
  const { events } = await cronofy.readEvents({ tzid: 'Etc/UTC' });
  assert.ok(events.length > 0);
  assert.ok(events.every((event) => event.event_id === undefined));
  const all = await everyPage((more) => cronofy.readEvents(more), EVERYTHING, 'events');
  assert.strictEqual(all.filter((event) => event.event_id === 'visit-1').length, 1);
});

test('readEvents: a window, a calendar and local times', async () => {
  const { cronofy, calendar_id } = await writer();
  await cronofy.createEvent({ calendar_id, ...visit(1) });
  await cronofy.createEvent({ calendar_id, ...visit(2, { start: time(day(4), 9), end: time(day(4), 10) }) });
  const [from, to] = [time(day(2)).slice(0, 10), time(day(3)).slice(0, 10)];
  const options = { from, to, calendar_ids: [calendar_id], localized_times: true };
  const found = await managed(cronofy, options);
  assert.deepStrictEqual(found.map((event) => event.event_id), ['visit-1']);
  assert.deepStrictEqual(found[0].start, { time: `${from}T09:00:00+00:00`, tzid: 'Etc/UTC' });
});

test('readEvents: several pages, each event once', async () => {
  const { cronofy, calendar_id } = await writer();
  await write(cronofy, calendar_id, 120);
  const found = await managed(cronofy);
  assert.ok(found.pages > 1, `${found.pages} page`);
  assert.strictEqual(new Set(found.map((event) => event.event_id)).size, 120);
  assert.strictEqual(found.length, 120);
});

test('freeBusy: several pages, each entry once', async () => {
  const { cronofy, calendar_id } = await writer();
  await write(cronofy, calendar_id, 120);
  const options = { ...EVERYTHING, calendar_ids: [calendar_id], include_ids: true };
  const found = await everyPage((more) => cronofy.freeBusy(more), options, 'free_busy');
  assert.ok(found.pages > 1, `${found.pages} page`);
  const ids = found.map((entry) => entry.event_id).filter((id) => id !== undefined);
  assert.strictEqual(new Set(ids).size, 120);
  assert.strictEqual(ids.length, 120);
});

test('deleteEvent: gone, and shown as deleted on request', async () => {
  const { cronofy, calendar_id } = await writer();
  await cronofy.createEvent({ calendar_id, ...visit(3) });
  assert.strictEqual(await cronofy.deleteEvent({ calendar_id, event_id: 'visit-3' }), '');
  assert.deepStrictEqual((await managed(cronofy)).map((event) => event.event_id), []);
  const deleted = await managed(cronofy, { include_deleted: true });
  assert.ok(deleted.some((event) => event.event_id === 'visit-3' && event.deleted));
});

test('bulkDeleteEvents: all of a calendar, and nobody else\'s', async () => {
  const { cronofy, calendar_id } = await writer();
  const others = (await cronofy.readEvents({ tzid: 'Etc/UTC' })).events.length;
  await cronofy.createEvent({ calendar_id, ...visit(1) });
  assert.strictEqual(await cronofy.bulkDeleteEvents({ calendar_ids: [calendar_id] }), '');
  assert.deepStrictEqual((await managed(cronofy)).map((event) => event.event_id), []);
  assert.strictEqual((await cronofy.readEvents({ tzid: 'Etc/UTC' })).events.length, others);
});

test('batch: each entry has its own answer', async () => {
  const { cronofy, calendar_id } = await writer();
  const relative_url = `/v1/calendars/${calendar_id}/events`;
  const { batch } = await cronofy.batch({
    batch: [
      { method: 'POST', relative_url, data: visit(1) },
      { method: 'POST', relative_url, data: visit(2, { summary: undefined }) },
      { method: 'DELETE', relative_url, data: { event_id: 'visit-1' } },
      { method: 'POST', relative_url: '/v1/calendars/cal_none_none/events', data: visit(3) }
    ]
  });
  assert.deepStrictEqual(batch.map((entry) => entry.status), [202, 422, 202, 404]);
  assert.strictEqual(batch[1].data.errors.summary[0].key, 'errors.required');
  assert.deepStrictEqual((await managed(cronofy)).map((event) => event.event_id), []);
});

test('404: a calendar that nobody knows', async () => {
  const { cronofy } = await writer();
  await assert.rejects(cronofy.createEvent({ calendar_id: 'cal_none_none', ...visit(1) }), refused(404));
  await assert.rejects(cronofy.deleteEvent({ calendar_id: 'cal_none_none', event_id: 'visit-1' }), refused(404));
});

test('403: the scope does not hold the right', async () => {
  const cronofy = await connect('sam@postbox.example', { scope: 'read_events' });
  const calendar_id = await primary(cronofy);
  await assert.rejects(cronofy.createEvent({ calendar_id, ...visit(1) }), refused(403));
});

test('422: each field of an event that is wrong', async () => {
  const { cronofy, calendar_id } = await writer();
  await assert.rejects(cronofy.createEvent({ calendar_id, event_id: 'visit-1' }), (error) => {
    const fields = ['end', 'start', 'summary'];
    assert.deepStrictEqual(Object.keys(error.error.entity.errors).sort(), fields);
    return refused(422)(error);
  });
});
