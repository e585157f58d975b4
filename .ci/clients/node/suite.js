'use strict';
// All subjects, one after the other: they share a sandbox.

require('./authorization');
require('./identity');
require('./events');
require('./availability');
require('./delegation');
require('./refusals');
