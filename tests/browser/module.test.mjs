/** The module as a partner's own page uses it, and no page of ours. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from '../limits.mjs';
import { addPartnerPage, callOn, openPartnerPage } from './partner-stage.mjs';
import { NO_HTTP_CACHE, Relay, bilik, find, makeDemo, namesakes, rebuild, serve } from './stage.mjs';

let demo;
let site;
/** What every question is asked with, unless a test says otherwise. */
let options;
let page;
before(async () => {
  demo = await makeDemo();
  await addPartnerPage(demo.site);
  site = await serve(demo.site);
  options = { mirrors: [site.url], publicKey: demo.publicKey };
  page = await openPartnerPage(site);
});

/** Calls a method on the partner's page. */
const call = (method, args, changes = {}, on = page) => callOn(on, method, args, { ...options, ...changes });

/** Asks, and makes sure that nothing of what was asked comes back. */
async function lookup(question, changes, on) {
  const outcome = await call('lookup', [question], changes, on);
  const said = JSON.stringify(outcome).toUpperCase();
  const { nik = '', name = '' } = question;
  for (const secret of [nik.replace(/\D/g, '').slice(6, 12), name.toUpperCase().trim()]) {
    assert.ok(secret.length < 4 || !said.includes(secret), `an outcome repeats what was typed: ${said}`);
  }
  return outcome;
}

/** The same voter by birth date, sex and district. */
function byBirth({ nik, name }) {
  const day = Number(nik.slice(6, 8));
  const birthDate = `19${nik.slice(10)}-${nik.slice(8, 10)}-${String(day > 40 ? day - 40 : day).padStart(2, '0')}`;
  return { birthDate, sex: day > 40 ? 'f' : 'm', district: nik.slice(0, 6), name };
}

test('the constructor says what it cannot use', async () => {
  for (const [changes, expected] of [
    [{ mirrors: undefined }, /^mirrors: .*at least one/],
    [{ mirrors: [] }, /^mirrors: .*at least one/],
    [{ mirrors: ['./'] }, /^mirrors: .*slash/],
    [{ mirrors: ['https://a.example/site'] }, /^mirrors: .*slash/],
    [{ mirrors: ['ftp://a.example/'] }, /^mirrors: .*slash/],
    [{ publicKey: undefined }, /^publicKey: no public key/],
    [{ publicKey: 'bilik-public-key:00' }, /^publicKey: .*64 hex digits/],
    [{ threshold: 0 }, /^publicKey: the threshold/],
    [{ threshold: 2 }, /^publicKey: the threshold/],
    [{ threshold: -1 }, /^publicKey: the threshold/],
    [{ threshold: 'many' }, /^publicKey: the threshold/],
  ]) {
    const { rejected, message } = await call('election', [], changes);
    assert.equal(rejected, 'Error', JSON.stringify(changes));
    assert.match(message, expected);
  }
  // Twice the same key is one key.
  const { message } = await call('election', [], { publicKey: [demo.publicKey, demo.publicKey], threshold: 2 });
  assert.match(message, /^publicKey: the threshold/);
});

test('election() tells what the site is about', async () => {
  const { outcome, election, data } = await call('election', []);
  assert.equal(outcome, 'ready');
  assert.equal(election.demo, true);
  assert.match(election.date, /^\d{4}-\d\d-\d\d$/);
  assert.ok(data.serial > 0 && data.signedAt < data.expires, JSON.stringify(data));
});

test('prepare() fetches the files for the digits typed so far, and returns what the digits say', async () => {
  const { nik } = demo.exact;
  const kinds = async (digits) => {
    const page = await openPartnerPage(site);
    const before = site.requests.length;
    const prepared = await call('prepare', [digits], {}, page);
    await page.context().close();
    return { prepared, kinds: site.asked(before).map((path) => path.split('/')[1]) };
  };
  const none = await kinds('');
  assert.deepEqual(none.kinds, ['head.bilik']);
  assert.deepEqual([none.prepared.digits, none.prepared.ready, none.prepared.election], [0, false, undefined]);

  const two = await kinds(nik.slice(0, 2));
  assert.deepEqual(two.kinds, ['head.bilik', 'p']);
  assert.deepEqual([two.prepared.digits, two.prepared.ready, two.prepared.election?.demo], [2, false, true]);

  const four = await kinds(nik.slice(0, 4));
  assert.deepEqual(four.kinds, ['head.bilik', 'p', 'd']);
  assert.deepEqual([four.prepared.digits, four.prepared.ready, four.prepared.district], [4, false, undefined]);

  const six = await kinds(nik.slice(0, 6));
  assert.deepEqual(six.kinds.slice(0, 4), ['head.bilik', 'p', 'd', 't']);
  assert.ok(
    six.kinds.slice(4).length > 0 && six.kinds.slice(4).every((kind) => kind === 's' || kind === 'd'),
    six.kinds.join(),
  );
  assert.deepEqual([six.prepared.digits, six.prepared.ready, six.prepared.district?.code], [6, false, nik.slice(0, 6)]);

  const twelve = await kinds(`${nik.slice(0, 4)} ${nik.slice(4, 8)} ${nik.slice(8)} 1234`);
  assert.deepEqual(twelve.kinds, six.kinds);
  assert.deepEqual([twelve.prepared.digits, twelve.prepared.ready], [12, true]);

  const odd = await call('prepare', ['999999999999']);
  assert.deepEqual(odd.warnings, ['impossible_date', 'repeated_digits', 'unknown_district']);
});

test('a page that comes to trust another key as well knows the newest head still that this device has seen', async () => {
  const { election, site } = await rebuild(demo, {});
  const older = await readFile(join(site, 'head.bilik'));
  const toml = join(election, 'election.toml');
  await writeFile(toml, (await readFile(toml, 'utf8')).replace(/^closes = .*/m, 'closes = "14:00"'));
  await bilik(['build', election, '--key', demo.key, '--out', site]);
  await addPartnerPage(site);
  const server = await serve(site);
  server.says = NO_HTTP_CACHE;
  const page = await openPartnerPage(server);
  const mirrors = [server.url];
  const { data } = await lookup(demo.exact, { mirrors }, page);
  server.alter = (path) => (path === 'head.bilik' ? older : undefined);
  // A key that is one: the first of RFC 8032.
  const recovery = 'bilik-public-key:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
  const changes = { mirrors, publicKey: [demo.publicKey, recovery] };
  assert.equal((await lookup(demo.exact, changes, page)).data.serial, data.serial);
  const first = await lookup(demo.exact, changes, await openPartnerPage(server));
  assert.ok(first.outcome === 'found' && first.data.serial < data.serial, 'a first visitor has no newer head to compare with');
});

test('the terminal and the browser give the same outcome, and neither repeats what was typed', async () => {
  const { exact, near, stranger } = demo;
  const { nik } = exact;
  const several = namesakes(demo);
  for (const [expected, question] of [
    ['found', exact],
    ['found', { ...near }],
    ['found', byBirth(exact)],
    ['found', { ...exact, nik: `${nik}0001`, name: ` dr. ${exact.name.toLowerCase()}, S.H. ` }],
    ['ambiguous', several],
    ['village_needed', stranger],
    ['village_needed', { ...near, village: undefined }],
    ['not_found', { ...stranger, village: near.village }],
    ['no_such_region', { nik: '110101010190', name: 'Rekaan Takberwujud' }],
    ['bad_input', { nik: '32010', name: exact.name }],
    ['bad_input', { nik, name: '123' }],
    ['bad_input', { nik, name: exact.name, village: nik.slice(0, 6) }],
  ]) {
    const asked = Object.fromEntries(
      ['nik', 'birthDate', 'sex', 'district', 'name', 'village'].flatMap((key) =>
        question[key] ? [[key, question[key]]] : [],
      ),
    );
    const here = await lookup(asked);
    assert.equal(here.outcome, expected, JSON.stringify(here));
    // Only a page has an origin that is a witness of the time.
    if (here.data) assert.equal(here.data.clock, 'confirmed');
    delete here.data?.clock;
    assert.deepEqual(here, await find(demo, asked), `${expected}: the browser on the left, the terminal on the right`);
    if (expected === 'ambiguous') assert.deepEqual(here.stations.map(({ id }) => id).sort(), several.stations);
  }
});

test('the card, and birth date with sex and district, are one question', async () => {
  const [card, details] = [await lookup(demo.exact), await lookup(byBirth(demo.exact))];
  assert.equal(card.outcome, 'found');
  assert.equal(card.station.number, demo.exact.number);
  assert.deepEqual(details, card);
});

test('each detail that cannot be used is named', async () => {
  const { nik, name } = demo.exact;
  const birth = byBirth(demo.exact);
  for (const [question, field, reason] of [
    [{ name }, 'nik', 'missing'],
    [{ nik: nik.slice(0, 11), name }, 'nik', 'too_short'],
    [{ nik: `${nik.slice(0, 11)}O`, name }, 'nik', 'not_digits'],
    [{ nik: `${nik}12345`, name }, 'nik', 'too_long'],
    [{ nik }, 'name', 'missing'],
    [{ nik, name: '  ' }, 'name', 'missing'],
    [{ nik, name: '—' }, 'name', 'no_letters'],
    [{ nik, name: 'A'.repeat(300) }, 'name', 'too_long'],
    [{ ...birth, birthDate: '1990-1' }, 'birthDate', 'not_a_date'],
    [{ ...birth, birthDate: undefined }, 'birthDate', 'missing'],
    [{ ...birth, sex: 'x' }, 'sex', 'not_a_sex'],
    [{ ...birth, sex: undefined }, 'sex', 'missing'],
    [{ ...birth, district: '32' }, 'district', 'not_a_code'],
    [{ ...birth, district: undefined }, 'district', 'missing'],
    [{ nik, name, village: 'Cibinong' }, 'village', 'not_a_code'],
    [undefined, 'nik', 'missing'],
  ]) {
    const outcome = question ? await lookup(question) : await call('lookup', [undefined]);
    assert.deepEqual(outcome, { outcome: 'bad_input', field, reason });
  }
});

test('onProgress is told of the files and of every derivation', async () => {
  const told = await page.evaluate(
    async ([options, question]) => {
      const told = [];
      await new Bilik(options).lookup(question, { onProgress: (progress) => told.push(progress) });
      return told;
    },
    [options, { ...demo.stranger, village: demo.near.village }],
  );
  // By `full` 2^4 peppers, and by `near` 2^6 for each end of the name.
  const of = 16 + 64 * new Set([demo.stranger.name.split(' ')[0], demo.stranger.name.split(' ').at(-1)]).size;
  assert.deepEqual(told.slice(0, 1), [{ step: 'files', done: 0, of: 0 }]);
  assert.deepEqual(
    told.slice(1),
    Array.from({ length: of }, (_, done) => ({ step: 'derive', done, of })),
  );
});

test('a signal cancels with an AbortError, and the next question is answered', async () => {
  const [before, during, after] = await page.evaluate(
    async ([options, long, short]) => {
      const bilik = new Bilik(options);
      const name = (promise) =>
        promise.then(
          () => 'answered',
          (error) => `${error instanceof DOMException} ${error.name}`,
        );
      const before = await name(bilik.lookup(long, { signal: AbortSignal.abort() }));
      const abort = new AbortController();
      const onProgress = ({ of, done }) => of > 1 && done === 3 && abort.abort();
      const during = await name(bilik.lookup(long, { signal: abort.signal, onProgress }));
      return [before, during, (await bilik.lookup(short)).outcome];
    },
    [options, { ...demo.stranger, village: demo.near.village }, demo.exact],
  );
  assert.deepEqual([before, during, after], ['true AbortError', 'true AbortError', 'found']);
});

test('a caller’s own error in onProgress costs no answer', async () => {
  const outcome = await page.evaluate(
    async ([options, question]) => {
      const onProgress = () => {
        throw new Error('mine');
      };
      return (await new Bilik(options).lookup(question, { onProgress })).outcome;
    },
    [options, demo.exact],
  );
  assert.equal(outcome, 'found');
});

test('villages are found by a name with a slip in it, and their stations are listed', async () => {
  const place = demo.exact.place;
  const slip = place.slice(0, 2) + place.slice(3);
  const [best] = await call('villages', [slip]);
  assert.equal(best.name, place);
  const within = await call('villages', ['', best.code.slice(0, 6)]);
  assert.ok(within.length > 1 && within.every(({ code }) => code.startsWith(best.code.slice(0, 6))), JSON.stringify(within));
  const stations = await call('stations', [best.code]);
  assert.ok(stations.some(({ number }) => number === demo.exact.number));
  assert.ok(stations.every(({ villageCode }) => villageCode === best.code));
  assert.deepEqual(await call('stations', ['nonsense']), []);
});

test('another key refuses the head; so does another election', async () => {
  const publicKey = demo.publicKey.replace(/[0-9a-f]{64}/, 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  for (const changes of [{ publicKey }, { election: 'pemilu-2029' }]) {
    const { outcome, problems } = await lookup(demo.exact, changes);
    assert.equal(outcome, 'unverified', JSON.stringify(changes));
    assert.deepEqual([problems[0].source, problems[0].file], [site.url, 'head.bilik']);
    assert.ok(problems[0].reason.length > 5, problems[0].reason);
    assert.equal((await call('election', [], changes)).outcome, 'unverified');
    const refused = await call('villages', ['x'], changes);
    assert.deepEqual([refused.rejected, refused.cause?.outcome], ['Error', 'unverified']);
  }
  assert.equal((await lookup(demo.exact, { election: (await call('election', [])).election.id })).outcome, 'found');
});

test('where every mirror is dead, each is named as unreachable', async () => {
  const fresh = await openPartnerPage(site);
  const dead = [await Relay.start(), await Relay.start()];
  const mirrors = dead.map(({ url }) => url);
  for (const mirror of dead) await mirror.stop();
  const { outcome, problems } = await lookup(demo.exact, { mirrors }, fresh);
  assert.equal(outcome, 'unreachable');
  assert.deepEqual(problems.map(({ source, file }) => [source, file]).sort(), mirrors.map((url) => [url, 'head.bilik']).sort());
  assert.equal((await call('prepare', ['3901'], { mirrors }, fresh)).ready, false);
});

test('what was verified once is answered from the device when every server is gone', async () => {
  const server = await serve(demo.site);
  server.says = NO_HTTP_CACHE;
  const page = await openPartnerPage(server);
  const mirrors = [server.url];
  const online = await lookup(demo.exact, { mirrors }, page);
  await server.stop();
  // A new object knows nothing: what it answers from stands in the browser's storage.
  const offline = await lookup(demo.exact, { mirrors }, page);
  assert.equal(offline.outcome, 'found');
  // It says that it is what the device keeps, and since when.
  const { offline: isOffline, checkedAt, problems, ...data } = offline.data;
  assert.equal(isOffline, true);
  assert.deepEqual(
    problems.map(({ source, file }) => source + file),
    [`${server.url}head.bilik`],
  );
  assert.ok(Math.abs(Date.now() - Date.parse(checkedAt)) < 60_000, checkedAt);
  // Nobody is there to confirm the clock.
  assert.equal(online.data.clock, 'confirmed');
  delete online.data.clock;
  assert.deepEqual({ ...offline, data }, online);
});

test('storage that was tampered with is refused, and fetched again', async () => {
  const server = await serve(demo.site);
  server.says = NO_HTTP_CACHE;
  const page = await openPartnerPage(server);
  const mirrors = [server.url];
  const online = await lookup(demo.exact, { mirrors }, page);
  const spoilt = await page.evaluate(async () => {
    let spoilt = 0;
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const bytes = new Uint8Array(await (await cache.match(request)).arrayBuffer());
        await cache.put(request, new Response(bytes.map((byte) => byte ^ 1)));
        spoilt += 1;
      }
    }
    return spoilt;
  });
  assert.ok(spoilt >= 5, `${spoilt} files were kept`);
  const before = server.requests.length;
  assert.deepEqual(await lookup(demo.exact, { mirrors }, page), online);
  assert.equal(server.asked(before).length, spoilt);
});

test('asking again and again takes no more memory', async () => {
  const asked = () =>
    page.evaluate(
      async ([options, questions]) => {
        const bilik = new Bilik(options);
        for (const question of questions) await bilik.lookup(question);
        return memory.buffer.byteLength;
      },
      [options, demo.roll.slice(0, 25).map(({ nik, name }) => ({ nik, name }))],
    );
  await asked();
  const before = await asked();
  const after = await asked();
  assert.ok(after - before <= 1 << 20, `${before} bytes became ${after}`);
});

test('no page of a partner ever saw an error', () => assert.deepEqual(page.trouble, []));
