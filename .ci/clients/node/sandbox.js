'use strict';
// The sandbox that the suite runs against: clients for it, its consent page, and a receiver of its callbacks.

const Cronofy = require('cronofy');
const assert = require('assert');
const fs = require('fs');
const http = require('http');

/** The first line that `cronofy sandbox` printed. */
const ready = JSON.parse(fs.readFileSync(process.env.SANDBOX_READY, 'utf8'));
const REDIRECT_URI = 'http://127.0.0.1:9/callback?tenant=7';
const SERVICE_ACCOUNT_SCOPES = 'service_account/accounts/manage service_account/resources/manage';

/** Cronofy's client as everybody makes it. The address is all that is set. */
function client(config = {}) {
  const cronofy = new Cronofy({ client_id: ready.client_id, client_secret: ready.client_secret, ...config });
  cronofy.urls.api = cronofy.urls.app = ready.api_url;
  return cronofy;
}

/** A call about the sandbox itself, which is no part of Cronofy. */
async function control(method, path, body) {
  const headers = { 'Content-Type': 'application/json' };
  const answer = await fetch(ready.api_url + '/_sandbox' + path, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status}, ${answer.headers.get('cronofy-sandbox-why')}`);
}

/** Presses Allow on a page. Answers where that leads to. */
async function allow(url, fields) {
  const body = new URLSearchParams({ decision: 'allow', ...fields });
  const answer = await fetch(url, { method: 'POST', body, redirect: 'manual' });
  return new URL(answer.headers.get('location'));
}

/** The code that comes back once `account` allowed what `parameters` ask for. */
async function consent(account, parameters = {}, path = '/oauth/authorize') {
  const url = new URL(path, ready.app_url);
  const usual = {
    response_type: 'code',
    client_id: ready.client_id,
    redirect_uri: REDIRECT_URI,
    scope: 'read_write',
    state: 'a&b ü',
    avoid_linking: true
  };
  for (const [name, value] of Object.entries({ ...usual, ...parameters })) url.searchParams.set(name, value);
  const location = await allow(url, { account });
  if (location.searchParams.get('state') !== 'a&b ü') throw new Error(`came back with ${location}`);
  return location.searchParams.get('code');
}

/** A client that holds the tokens of `account`, which has just consented. */
async function connect(account, parameters) {
  return exchange(await consent(account, parameters));
}

/** The same for a domain, by its administrator. */
async function connectDomain(administrator, delegated_scope) {
  const parameters = { scope: SERVICE_ACCOUNT_SCOPES, delegated_scope };
  return exchange(await consent(administrator, parameters, '/enterprise_connect/oauth/authorize'));
}

async function exchange(code) {
  const cronofy = client();
  await cronofy.requestAccessToken({ code, redirect_uri: REDIRECT_URI });
  return cronofy;
}

/** The calendar that a person writes to. */
async function primary(cronofy) {
  const { calendars } = await cronofy.listCalendars();
  return calendars.find((calendar) => calendar.calendar_primary && !calendar.calendar_readonly).calendar_id;
}

/** A day of the near future at midnight, where every calendar of the sandbox has something in it. */
function day(offset) {
  const midnight = new Date();
  midnight.setUTCHours(0, 0, 0, 0);
  midnight.setUTCDate(midnight.getUTCDate() + offset);
  return midnight;
}

/** A Time as Cronofy takes it: no fraction of a second. */
function time(date, hour = 0) {
  return new Date(date.getTime() + hour * 3600 * 1000).toISOString().replace('.000Z', 'Z');
}

/** Takes callbacks for as long as `use` runs: `next()` is the next one. */
async function receiving(use) {
  const arrived = [];
  const waiting = [];
  const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const callback = { body, hmac: request.headers['cronofy-hmac-sha256'], json: JSON.parse(body) };
      if (waiting.length) waiting.shift()(callback);
      else arrived.push(callback);
      response.end('OK');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const next = () => new Promise((resolve, reject) => {
    if (arrived.length) return resolve(arrived.shift());
    const patience = setTimeout(() => reject(new Error('no callback came within 10 seconds')), 10_000);
    waiting.push((callback) => {
      clearTimeout(patience);
      resolve(callback);
    });
  });
  try {
    await use({ url: `http://127.0.0.1:${server.address().port}/hook?tenant=7`, next });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** How the client reports a refusal: what `assert.rejects` takes. */
function refused(statusCode, entity) {
  return (error) => {
    assert.strictEqual(error.statusCode, statusCode, error.message);
    if (entity !== undefined) assert.deepStrictEqual(error.error.entity, entity);
    return true;
  };
}

module.exports = {
  REDIRECT_URI, allow, client, connect, connectDomain, consent, control, day, primary, ready, receiving, refused, time
};
