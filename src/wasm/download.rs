//! A download: carries out the steps of a race with real fetches and timers.

use super::site::Site;
use super::{fetch, time};
use crate::format::container::FormatError;
use crate::lookup::Problem;
use crate::mirrors::{Failure, Millis, Race, Step};
use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::rc::Rc;
use std::task::Poll;

pub(super) type Transfer = Pin<Box<dyn Future<Output = Result<Vec<u8>, String>>>>;

/// What happened to a download.
pub(super) enum Event {
    /// A mirror delivered a file, unverified: call [`Download::accept`] or [`Download::refuse`].
    Received(usize, Vec<u8>),
    /// The race is over.
    Over,
    /// The time limit has passed.
    TimedOut,
}

/// One file, requested from one mirror or several.
pub(super) struct Download {
    site: Rc<Site>,
    path: String,
    max_length: u32,
    race: Race,
    running: Vec<(usize, Transfer)>,
    /// Progress that the race has not been told yet: the mirror, and how many bytes it has sent so far.
    received: Rc<RefCell<Vec<(usize, u32)>>>,
    problems: Vec<Problem>,
    /// The mirrors that were asked.
    asked: Vec<usize>,
}

impl Download {
    pub(super) fn new(site: &Rc<Site>, path: &str, max_length: u32, race: Race) -> Self {
        Self {
            site: site.clone(),
            path: path.to_owned(),
            max_length,
            race,
            running: Vec::new(),
            received: Rc::default(),
            problems: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// Continues until something happens, or until a time.
    pub(super) async fn next(&mut self, until: Option<Millis>) -> Event {
        loop {
            let Some(change) = self.take_steps() else { return Event::Over };
            let mut sleep = Box::pin(time::Sleep::until(until.unwrap_or(change).min(change)));
            let ended = poll_fn(|context| {
                let ended = self.running.iter_mut().find_map(|(mirror, transfer)| match transfer.as_mut().poll(context) {
                    Poll::Ready(result) => Some((*mirror, result)),
                    Poll::Pending => None,
                });
                let is_time = sleep.as_mut().poll(context).is_ready();
                if ended.is_some() || is_time || !self.received.borrow().is_empty() { Poll::Ready(ended) } else { Poll::Pending }
            })
            .await;
            let now = time::now();
            for (mirror, bytes) in self.received.take() {
                self.race.heard(&mut self.site.mirrors.borrow_mut(), mirror, bytes, now);
            }
            if let Some((mirror, result)) = ended {
                self.running.retain(|(other, _)| *other != mirror);
                match result {
                    Ok(bytes) => return Event::Received(mirror, bytes),
                    Err(reason) => self.fail(mirror, Failure::Unreachable, |base, path| Problem::unreachable(base, path, reason)),
                }
            } else if until.is_some_and(|until| now >= until) {
                return Event::TimedOut;
            }
        }
    }

    /// Carries out the race's steps. Returns when the next one is due, or `None` when the race is over.
    fn take_steps(&mut self) -> Option<Millis> {
        loop {
            let step = self.race.step(&mut self.site.mirrors.borrow_mut(), time::now(), &mut time::random);
            match step {
                Step::Ask(mirror) => {
                    self.note_late("silent or slow: another mirror was asked too");
                    self.asked.push(mirror);
                    self.running.push((mirror, self.request(mirror, Some(self.max_length))));
                }
                Step::Drop(mirror) => self.running.retain(|(other, _)| *other != mirror),
                Step::Wait(until) => return Some(until),
                Step::Done => {
                    self.note_late("silent: another mirror's answer was taken");
                    return None;
                }
                Step::GiveUp => {
                    self.note_late("no answer");
                    return None;
                }
            }
        }
    }

    /// A request for the file, or for its headers alone.
    pub(super) fn request(&self, mirror: usize, max_length: Option<u32>) -> Transfer {
        let (site, received) = (self.site.clone(), self.received.clone());
        let url = format!("{}{}", site.base(mirror), self.path);
        Box::pin(async move {
            let on_progress = |bytes| received.borrow_mut().push((mirror, bytes));
            fetch::fetch(&url, max_length, &site.clock_error, &on_progress).await
        })
    }

    /// What a mirror delivered is right.
    pub(super) fn accept(&mut self, mirror: usize) {
        self.race.won(&mut self.site.mirrors.borrow_mut(), mirror, time::now());
        let base = self.site.base(mirror);
        self.problems.retain(|problem| problem.source != base);
    }

    /// What a mirror delivered is rejected.
    pub(super) fn refuse(&mut self, mirror: usize, error: &FormatError) {
        self.fail(mirror, Failure::Refused, |base, path| Problem::refused(base, path, error));
    }

    /// Takes the problems so far.
    pub(super) fn problems(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.problems)
    }

    /// Takes the mirrors that were asked, in order.
    pub(super) fn asked(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.asked)
    }

    /// Ends the race and returns the transfers that still run.
    pub(super) fn into_running(mut self) -> Vec<(usize, Transfer)> {
        std::mem::take(&mut self.running)
    }

    fn fail(&mut self, mirror: usize, failure: Failure, problem: impl FnOnce(&str, &str) -> Problem) {
        self.race.lost(&mut self.site.mirrors.borrow_mut(), mirror, failure, time::now(), &mut time::random);
        let problem = problem(self.site.base(mirror), &self.path);
        self.problems.retain(|other| other.source != problem.source);
        self.problems.push(problem);
    }

    fn note_late(&mut self, why: &str) {
        for mirror in self.race.late() {
            let base = self.site.base(mirror);
            if self.problems.iter().all(|problem| problem.source != base) {
                self.problems.push(Problem::unreachable(base, &self.path, why));
            }
        }
    }
}

impl Drop for Download {
    fn drop(&mut self) {
        self.race.abandon(&mut self.site.mirrors.borrow_mut());
    }
}
