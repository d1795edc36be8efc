/** On the bench's page: opens one peer, and asks it. */
const BUDGET_MS = 400;

let lookup;

/** Milliseconds until the peer can answer; its code is fetched, too. */
async function open(name, setup) {
  const began = performance.now();
  const peer = await import(`/code/${name}/index.js`);
  lookup = await peer.open(`/data/${name}`, `/code/${name}`, setup);
  return performance.now() - began;
}

/** The answers to these questions; none for a miss. */
async function answers(questions) {
  const all = [];
  for (const { nik, name } of questions) all.push((await (lookup.check ?? lookup)(nik, name)) ?? null);
  return all;
}

/** The first question and its time. */
async function first({ nik, name }) {
  const began = performance.now();
  await lookup(nik, name);
  return performance.now() - began;
}

/** Milliseconds a question, over as many as fit into a budget. */
async function time(questions) {
  const began = performance.now();
  let [asked, took] = [0, 0];
  while (took < BUDGET_MS) {
    const { nik, name } = questions[asked % questions.length];
    await lookup(nik, name);
    asked += 1;
    took = performance.now() - began;
  }
  return took / asked;
}

Object.assign(globalThis, { bench: { open, answers, first, time } });
