'use strict';
// All subjects, one after the other: they share a sandbox, which is as it was at the start for each test.

const { beforeEach } = require('node:test');
const { control } = require('./sandbox');

beforeEach(() => control('POST', '/reset'));

require('./authorization');
require('./identity');
require('./calendars');
require('./events');
require('./availability');
require('./notifications');
require('./delegation');
require('./refusals');
