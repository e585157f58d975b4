'use strict';
// When people are busy, and when they all are free.

const assert = require('assert');
const { test } = require('node:test');
const { connect, day, time } = require('./sandbox');

/** Everybody has something every weekday of the sandbox's first three weeks. */
const WINDOW = { tzid: 'Europe/London', from: time(day(1)).slice(0, 10), to: time(day(5)).slice(0, 10) };

test('freeBusy: what blocks, in the window', async () => {
  const cronofy = await connect('dov@orchard.example');
  const { free_busy, pages } = await cronofy.freeBusy(WINDOW);
  assert.strictEqual(pages.current, 1);
  assert.ok(free_busy.length > 0);
  for (const { start, free_busy_status } of free_busy) {
    assert.match(start, /^\d{4}-\d\d-\d\dT\d\d:\d\d:00Z$/);
    assert.strictEqual(free_busy_status, 'busy');
  }
});

test('freeBusy: one calendar, in local times, with what is free', async () => {
  const cronofy = await connect('dov@orchard.example');
  const { calendars } = await cronofy.listCalendars();
  const { calendar_id } = calendars.find((calendar) => calendar.calendar_primary);
  const options = { ...WINDOW, calendar_ids: [calendar_id], localized_times: true, include_free: true };
  const { free_busy } = await cronofy.freeBusy(options);
  assert.ok(free_busy.every((entry) => entry.calendar_id === calendar_id));
  assert.ok(free_busy.every((entry) => entry.start.tzid === 'Europe/London'));
  assert.ok(free_busy.some((entry) => entry.free_busy_status === 'free'));
});

/** Dov and Cleo, on a day on which each of them has an hour taken. */
async function query(options) {
  const dov = await connect('dov@orchard.example');
  const cleo = await connect('cleo@orchard.example');
  const members = [];
  for (const cronofy of [dov, cleo]) members.push({ sub: (await cronofy.userInfo()).sub });
  const found = await dov.availability({
    participants: [{ members, required: 'all' }],
    required_duration: { minutes: 60 },
    query_periods: [{ start: time(day(1), 8), end: time(day(1), 18) }],
    ...options
  });
  const taken = [];
  for (const cronofy of [dov, cleo]) taken.push(...(await cronofy.freeBusy(WINDOW)).free_busy);
  return { found, members, taken };
}

function overlaps(slot, taken) {
  return taken.some((busy) => busy.start < slot.end && slot.start < busy.end);
}

test('availability: periods in which all are free', async () => {
  const { found, members, taken } = await query({});
  assert.ok(found.available_periods.length > 1);
  for (const period of found.available_periods) {
    assert.deepStrictEqual(period.participants, members);
    assert.ok(!overlaps(period, taken));
  }
});

test('availability: slots of the length asked for', async () => {
  const { found, taken } = await query({ response_format: 'slots', max_results: 3 });
  assert.strictEqual(found.available_slots.length, 3);
  for (const slot of found.available_slots) {
    assert.strictEqual(new Date(slot.end) - new Date(slot.start), 3600 * 1000);
    assert.ok(!overlaps(slot, taken));
  }
});

test('availability: overlapping slots at every interval', async () => {
  const options = { response_format: 'overlapping_slots', start_interval: { minutes: 30 } };
  const { found } = await query(options);
  const [first, second] = found.available_slots.map((slot) => new Date(slot.start));
  assert.strictEqual(second - first, 30 * 60 * 1000);
});

test('availability: with a buffer on both sides of what is taken', async () => {
  const buffer = { before: { minutes: 15 }, after: { minutes: 15 } };
  const { found, taken } = await query({ response_format: 'slots', buffer });
  const wider = ({ start, end }) => ({
    start: time(new Date(start), -0.25),
    end: time(new Date(end), 0.25)
  });
  assert.ok(found.available_slots.length > 0);
  assert.ok(found.available_slots.every((slot) => !overlaps(wider(slot), taken)));
});
