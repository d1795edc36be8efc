//! One file, requested from one mirror or several until one delivers it.

mod attempt;

use super::health::{Failure, Millis, Mirrors};
use attempt::{Attempt, HedgeReason, SAMPLE, Tries};

/// A race in which all mirrors are silent for this long is given up.
const MAX_SILENCE: Millis = 8_000;
/// The minimum of that for the mirror that was asked last.
const MIN_LAST_SILENCE: Millis = 4_000;
/// The maximum number of mirrors that are asked for one file at a time.
const MAX_CONCURRENT: usize = 3;
/// Fewer bytes than this do not count as progress, so that a mirror cannot keep a reader waiting byte by byte.
const MIN_PROGRESS: u32 = 512;
/// Two transfers that both flow are compared for this long, then one of them is ended.
const JUDGEMENT: Millis = 600;
/// The maximum number of requests to one mirror in one race.
const MAX_ASKS: u32 = 3;
/// The maximum number of errors of one mirror in one race.
const MAX_ERRORS: u32 = 2;
/// After errors, a second round begins this much later, plus jitter.
const SECOND_ROUND_DELAY: Millis = 250;
/// No second round begins later than this.
const MAX_SECOND_ROUND: Millis = 4_000;
/// The minimum time for which the first head waits for a second opinion.
const MIN_SECOND_OPINION: Millis = 300;
/// Shorter files are not used to estimate the bandwidth.
const MIN_SAMPLE_BYTES: u32 = 16_384;

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Ask this mirror.
    Ask(usize),
    /// End the transfer from this mirror.
    Drop(usize),
    /// Wait until something happens, or until this time.
    Wait(Millis),
    /// The race is over and the file has come. Transfers that still run may be ended or left running.
    Done,
    /// The race is over: no mirror delivered the file.
    GiveUp,
}

/// Fetches one file: asks mirrors one after another, or several at a time, until one delivers it.
///
/// ```
/// use bilik::mirrors::{Failure, Mirrors, Race, Step};
///
/// let mut random = || 0;
/// let mut mirrors = Mirrors::new(2);
/// let mut race = Race::new(&mirrors, 100_000, &[], 0, &mut random);
///
/// assert_eq!(race.step(&mut mirrors, 0, &mut random), Step::Ask(0));
/// assert_eq!(race.step(&mut mirrors, 0, &mut random), Step::Wait(800), "milliseconds of patience");
///
/// // The first mirror refuses the connection, and the second delivers the file.
/// race.lost(&mut mirrors, 0, Failure::Unreachable, 40, &mut random);
/// assert_eq!(race.step(&mut mirrors, 40, &mut random), Step::Ask(1));
/// race.won(&mut mirrors, 1, 900);
/// assert_eq!(race.step(&mut mirrors, 900, &mut random), Step::Done);
/// ```
#[derive(Clone, Debug)]
pub struct Race {
    length: u32,
    /// How many mirrors are asked at the start, each for an answer of its own.
    opinions: usize,
    /// The mirrors to ask next.
    queue: Vec<usize>,
    /// The mirrors that failed and may be asked again.
    again: Vec<usize>,
    /// For each mirror.
    tries: Vec<Tries>,
    attempts: Vec<Attempt>,
    answers: usize,
    /// When the first answer stops waiting for another.
    opinions_until: Option<Millis>,
    began: Millis,
    asked: Millis,
    /// When any mirror last made progress.
    last_progress: Millis,
    second_round: Option<Millis>,
}

impl Race {
    /// A race for a file of this length in bytes. The mirrors in `last` are asked only after all others.
    pub fn new(mirrors: &Mirrors, length: u32, last: &[usize], now: Millis, random: &mut dyn FnMut() -> u32) -> Self {
        let order = mirrors.order(now, random);
        let mut queue = order.clone();
        queue.retain(|mirror| !last.contains(mirror));
        queue.extend(order.iter().filter(|mirror| last.contains(mirror)));
        Self {
            length,
            opinions: 1,
            queue,
            again: Vec::new(),
            tries: vec![Tries::default(); mirrors.health.len()],
            attempts: Vec::new(),
            answers: 0,
            opinions_until: None,
            began: now,
            asked: now,
            last_progress: now,
            second_round: None,
        }
    }

    /// A race for a small file that mirrors may disagree about: `opinions` mirrors are asked at a time, and the first answer
    /// waits a little for the others.
    #[must_use]
    pub fn of_opinions(self, opinions: usize) -> Self {
        Self { opinions, ..self }
    }

    /// Asks `first` before the other mirrors, unless it is in backoff.
    #[must_use]
    pub fn beginning_with(mut self, mirrors: &Mirrors, first: Option<usize>, now: Millis) -> Self {
        if let Some(first) = first.filter(|first| mirrors.is_available(*first, now)) {
            self.queue.retain(|mirror| *mirror != first);
            self.queue.insert(0, first);
        }
        self
    }

    /// What to do now. Call it after each event, and again until it returns [`Step::Wait`], [`Step::Done`] or [`Step::GiveUp`].
    pub fn step(&mut self, mirrors: &mut Mirrors, now: Millis, random: &mut dyn FnMut() -> u32) -> Step {
        let is_enough = self.answers >= self.opinions || self.opinions_until.is_some_and(|until| now >= until);
        if self.answers > 0 && (is_enough || (self.attempts.is_empty() && self.queue.is_empty())) {
            // A mirror that has not delivered even a small file by now is not asked first for the next one.
            for attempt in self.attempts.iter_mut().filter(|attempt| attempt.late.is_none()) {
                attempt.late = Some(HedgeReason::Silent);
                mirrors.failed(attempt.mirror, now, random);
            }
            return Step::Done;
        }
        if self.attempts.len() + self.answers < self.opinions
            && let Some(next) = self.next_in_queue()
        {
            return self.ask(mirrors, next, now);
        }
        if self.opinions == 1
            && let Some(loser) = self.loser(mirrors, now)
        {
            self.queue.push(loser);
            return self.end(mirrors, loser);
        }
        self.find_late(mirrors, now, random);
        if self.attempts.iter().all(|attempt| attempt.late.is_some()) && self.answers == 0 {
            self.begin_second_round(now, random);
            if let Some(next) = self.next_in_queue() {
                if self.attempts.len() < MAX_CONCURRENT {
                    return self.ask(mirrors, next, now);
                }
                self.queue.insert(0, next);
                let patience = mirrors.patience();
                let silent = self.attempts.iter().filter(|attempt| now >= attempt.progressed.0 + patience);
                if let Some(latest) = silent.min_by_key(|attempt| attempt.progressed.0).map(|attempt| attempt.mirror) {
                    self.fail(latest, Failure::Unreachable);
                    return self.end(mirrors, latest);
                }
            }
        }
        let is_hopeless = self.attempts.is_empty() && self.queue.is_empty() && self.again.is_empty();
        if is_hopeless || now >= self.silent_until() {
            return if self.answers > 0 { Step::Done } else { Step::GiveUp };
        }
        Step::Wait(self.next_change(mirrors, now))
    }

    /// Records that an answer began or continued, with `bytes` received so far.
    pub fn heard(&mut self, mirrors: &mut Mirrors, mirror: usize, bytes: u32, now: Millis) {
        let is_first = self.of(mirror).is_some_and(|attempt| attempt.first_byte.is_none());
        let length = self.length;
        let Some(attempt) = self.of(mirror) else { return };
        attempt.bytes = bytes;
        if is_first {
            attempt.first_byte = Some(now);
            attempt.progressed = (now, bytes);
            attempt.lately = [(now, 0); 2];
            mirrors.learn_first_byte(now.saturating_sub(attempt.began));
        }
        if bytes >= attempt.progressed.1.saturating_add(MIN_PROGRESS) || bytes >= length {
            attempt.progressed = (now, bytes);
            attempt.late = attempt.late.filter(|late| *late != HedgeReason::Silent);
            self.last_progress = now;
        }
        if is_first {
            self.last_progress = now;
            if let Some(tries) = self.tries.get_mut(mirror) {
                tries.was_heard = true;
            }
            self.attempts.iter_mut().for_each(|attempt| attempt.compare(now));
        }
    }

    /// Records that a mirror delivered the file and it was accepted. A race for one answer is then over.
    pub fn won(&mut self, mirrors: &mut Mirrors, mirror: usize, now: Millis) {
        mirrors.answered(mirror);
        if let Some(attempt) = self.of(mirror).copied() {
            let took = now.saturating_sub(attempt.began);
            if self.length >= MIN_SAMPLE_BYTES {
                let since = attempt.first_byte.unwrap_or(attempt.began);
                let rate = u64::from(self.length) * 1_000 / now.saturating_sub(since).max(1);
                mirrors.learn_rate(rate.saturating_mul(mirrors.running.max(1)));
            }
            let patience = mirrors.patience();
            self.opinions_until.get_or_insert(now + took.saturating_mul(2).clamp(MIN_SECOND_OPINION, patience));
        }
        self.answers += 1;
        self.forget(mirrors, mirror);
    }

    /// Records that a mirror did not deliver the file, or delivered one that was rejected.
    pub fn lost(&mut self, mirrors: &mut Mirrors, mirror: usize, failure: Failure, now: Millis, random: &mut dyn FnMut() -> u32) {
        mirrors.failed(mirror, now, random);
        self.fail(mirror, failure);
        self.forget(mirrors, mirror);
    }

    /// Ends the race: its transfers no longer share the line.
    pub fn abandon(&mut self, mirrors: &mut Mirrors) {
        mirrors.running = mirrors.running.saturating_sub(u64::try_from(self.attempts.len()).unwrap_or_default());
        self.attempts.clear();
    }

    /// The mirrors that are being asked and were silent or slow for too long.
    pub fn late(&self) -> impl Iterator<Item = usize> {
        self.attempts.iter().filter(|attempt| attempt.late.is_some()).map(|attempt| attempt.mirror)
    }

    fn next_in_queue(&mut self) -> Option<usize> {
        if self.queue.is_empty() { None } else { Some(self.queue.remove(0)) }
    }

    fn of(&mut self, mirror: usize) -> Option<&mut Attempt> {
        self.attempts.iter_mut().find(|attempt| attempt.mirror == mirror)
    }

    fn ask(&mut self, mirrors: &mut Mirrors, mirror: usize, now: Millis) -> Step {
        let start = (now, 0);
        self.attempts.push(Attempt {
            mirror,
            began: now,
            first_byte: None,
            bytes: 0,
            progressed: start,
            lately: [start; 2],
            compared: start,
            alone: 0,
            late: None,
            is_cleared: false,
        });
        if let Some(tries) = self.tries.get_mut(mirror) {
            tries.asks += 1;
        }
        self.asked = now;
        mirrors.running += 1;
        Step::Ask(mirror)
    }

    fn end(&mut self, mirrors: &mut Mirrors, mirror: usize) -> Step {
        self.forget(mirrors, mirror);
        Step::Drop(mirror)
    }

    fn forget(&mut self, mirrors: &mut Mirrors, mirror: usize) {
        let before = self.attempts.len();
        self.attempts.retain(|attempt| attempt.mirror != mirror);
        if self.attempts.len() < before {
            mirrors.running = mirrors.running.saturating_sub(1);
        }
    }

    fn fail(&mut self, mirror: usize, failure: Failure) {
        if let Some(tries) = self.tries.get_mut(mirror) {
            tries.errors += if failure == Failure::Refused { MAX_ERRORS } else { 1 };
            if tries.errors < MAX_ERRORS && tries.asks < MAX_ASKS {
                self.again.push(mirror);
            }
        }
    }

    /// The transfer to end among several, if any.
    fn loser(&mut self, mirrors: &mut Mirrors, now: Millis) -> Option<usize> {
        // A mirror that was late twice is not preferred again, however fast it is now.
        let lates = |attempt: &Attempt| self.tries.get(attempt.mirror).is_some_and(|tries| tries.lates >= 2);
        // A mirror that may not be asked again is left to finish, so that the race ends.
        let may_end = |attempt: &&Attempt| self.tries.get(attempt.mirror).is_some_and(|tries| tries.asks < MAX_ASKS);
        // Where one transfer flows again, a mirror that has not begun to answer is not needed.
        if self.attempts.iter().any(|attempt| attempt.late.is_none() && attempt.bytes >= MIN_PROGRESS && !lates(attempt)) {
            let mut silent = self.attempts.iter().filter(|attempt| attempt.first_byte.is_none());
            if let Some(silent) = silent.find(may_end) {
                return Some(silent.mirror);
            }
        }
        let patience = mirrors.patience();
        let flows = |attempt: &&Attempt| attempt.first_byte.is_some() && now < attempt.progressed.0 + patience;
        let flowing: Vec<Attempt> = self.attempts.iter().filter(flows).copied().collect();
        let is_time = flowing.iter().all(|attempt| now >= attempt.compared.0 + JUDGEMENT);
        if flowing.len() < 2 || !is_time {
            return None;
        }
        let rank = |attempt: &&Attempt| (lates(attempt), attempt.left(self.length, now), attempt.began);
        let winner = flowing.iter().min_by_key(rank)?;
        let loser = flowing.iter().filter(may_end).find(|attempt| attempt.mirror != winner.mirror)?;
        // Where the second transfer takes bandwidth from the first, the line is slow. Otherwise both mirrors are slow, and another
        // may be faster.
        let is_shared = winner.compared_rate(now) * 4 <= winner.alone * 3;
        let is_other_left = self.is_one_unheard() || self.attempts.iter().any(|attempt| attempt.first_byte.is_none());
        if loser.began > winner.began && (is_shared || !is_other_left) {
            mirrors.forgive(winner.mirror);
            let rate: u64 = flowing.iter().map(|attempt| attempt.compared_rate(now)).sum();
            mirrors.rate = Some(rate.max(1));
            let mirror = winner.mirror;
            if let Some(attempt) = self.of(mirror) {
                attempt.late = None;
                attempt.is_cleared = true;
            }
        }
        Some(loser.mirror)
    }

    /// Marks transfers that have been silent or slow for too long.
    fn find_late(&mut self, mirrors: &mut Mirrors, now: Millis, random: &mut dyn FnMut() -> u32) {
        let patience = mirrors.patience();
        self.attempts.iter_mut().for_each(|attempt| attempt.mark(patience, now));
        let is_alone = self.attempts.len() == 1;
        let is_reconsidered = self.is_one_unheard() && self.attempts.iter().filter(|attempt| attempt.late.is_none()).count() == 1;
        for attempt in self.attempts.iter_mut().filter(|attempt| attempt.late.is_none()) {
            let is_judged = is_alone || now >= attempt.compared.0 + JUDGEMENT;
            if now >= attempt.progressed.0 + patience {
                attempt.late = Some(HedgeReason::Silent);
            } else if is_judged && attempt.is_slow(self.length, mirrors, now) && self.opinions == 1 {
                attempt.late = Some(HedgeReason::Slow);
            } else if is_reconsidered && self.opinions == 1 && attempt.is_long(self.length, now) {
                attempt.late = Some(HedgeReason::Long);
                continue;
            } else {
                continue;
            }
            if let Some(tries) = self.tries.get_mut(attempt.mirror) {
                tries.lates += 1;
            }
            mirrors.failed(attempt.mirror, now, random);
        }
    }

    fn is_one_unheard(&self) -> bool {
        self.queue.iter().any(|mirror| self.tries.get(*mirror).is_some_and(|tries| !tries.was_heard))
    }

    /// Asks mirrors that failed once more, after a delay, when no other is left.
    fn begin_second_round(&mut self, now: Millis, random: &mut dyn FnMut() -> u32) {
        if !self.queue.is_empty() || self.again.is_empty() {
            return;
        }
        if now >= self.began + MAX_SECOND_ROUND {
            self.again.clear();
            self.second_round = None;
            return;
        }
        let jitter = (SECOND_ROUND_DELAY * u64::from(random())) >> 31;
        if now >= *self.second_round.get_or_insert(now + SECOND_ROUND_DELAY + jitter) {
            self.queue.append(&mut self.again);
            self.second_round = None;
        }
    }

    /// When to give up unless a mirror makes progress.
    fn silent_until(&self) -> Millis {
        (self.last_progress + MAX_SILENCE).max(self.asked + MIN_LAST_SILENCE)
    }

    /// When the next step is due if nothing happens.
    fn next_change(&self, mirrors: &Mirrors, now: Millis) -> Millis {
        let patience = mirrors.patience();
        let mut next = self.silent_until();
        let mut at = |time: Millis| next = next.min(time.max(now + 1));
        self.opinions_until.into_iter().filter(|_| self.answers > 0).for_each(&mut at);
        // It is passed over, and may be long due, while a transfer flows.
        let is_flowing = self.answers > 0 || self.attempts.iter().any(|attempt| attempt.late.is_none());
        self.second_round.into_iter().filter(|_| self.queue.is_empty() && !is_flowing).for_each(&mut at);
        for attempt in &self.attempts {
            if attempt.late.is_none() {
                at(attempt.progressed.0 + patience);
                if let Some(first_byte) = attempt.first_byte {
                    at((first_byte + SAMPLE).max(now + SAMPLE / 2));
                }
            }
            if self.attempts.len() > 1 && attempt.first_byte.is_some() {
                at((attempt.compared.0 + JUDGEMENT).max(now + JUDGEMENT / 4));
            }
        }
        next
    }
}
