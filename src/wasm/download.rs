//! A file that is being asked for: the race's steps carried out with real fetches and timers.

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

type Transfer = Pin<Box<dyn Future<Output = Result<Vec<u8>, String>>>>;

/// What happened.
pub(super) enum Event {
    /// A mirror gave a file, unverified: to be accepted or refused.
    Came(usize, Vec<u8>),
    /// No mirror will be asked any more.
    Over,
    /// The time has come that was to be waited for at most.
    TimedOut,
}

/// One file, asked of one mirror or several.
pub(super) struct Download {
    site: Rc<Site>,
    path: String,
    most: u32,
    race: Race,
    running: Vec<(usize, Transfer)>,
    /// Signs of life since they were last looked at: who, and how many bytes so far.
    signs: Rc<RefCell<Vec<(usize, u32)>>>,
    problems: Vec<Problem>,
    /// Everybody who was asked.
    asked: Vec<usize>,
}

impl Download {
    pub(super) fn new(site: &Rc<Site>, path: &str, most: u32, race: Race) -> Self {
        Self {
            site: site.clone(),
            path: path.to_owned(),
            most,
            race,
            running: Vec::new(),
            signs: Rc::default(),
            problems: Vec::new(),
            asked: Vec::new(),
        }
    }

    /// Goes on until something happens, or until a time.
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
                if ended.is_some() || is_time || !self.signs.borrow().is_empty() { Poll::Ready(ended) } else { Poll::Pending }
            })
            .await;
            let now = time::now();
            for (mirror, bytes) in self.signs.take() {
                self.race.heard(&mut self.site.mirrors.borrow_mut(), mirror, bytes, now);
            }
            if let Some((mirror, result)) = ended {
                self.running.retain(|(other, _)| *other != mirror);
                match result {
                    Ok(bytes) => return Event::Came(mirror, bytes),
                    Err(reason) => self.fail(mirror, Failure::Unreachable, |base, path| Problem::unreachable(base, path, reason)),
                }
            } else if until.is_some_and(|until| now >= until) {
                return Event::TimedOut;
            }
        }
    }

    /// Does what the race says; tells when it wants to be asked again, or nothing when it is over.
    fn take_steps(&mut self) -> Option<Millis> {
        loop {
            let step = self.race.step(&mut self.site.mirrors.borrow_mut(), time::now(), &mut time::random);
            match step {
                Step::Ask(mirror) => {
                    self.note_late("silent or slow: another mirror was asked too");
                    self.asked.push(mirror);
                    let (signs, most) = (self.signs.clone(), self.most);
                    let url = format!("{}{}", self.site.base(mirror), self.path);
                    let transfer =
                        async move { fetch::fetch(&url, most, &|bytes| signs.borrow_mut().push((mirror, bytes))).await };
                    self.running.push((mirror, Box::pin(transfer)));
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

    /// What a mirror gave was right.
    pub(super) fn accept(&mut self, mirror: usize) {
        self.race.won(&mut self.site.mirrors.borrow_mut(), mirror, time::now());
        let base = self.site.base(mirror);
        self.problems.retain(|problem| problem.source != base);
    }

    /// What a mirror gave must be refused.
    pub(super) fn refuse(&mut self, mirror: usize, refusal: &FormatError) {
        self.fail(mirror, Failure::Refused, |base, path| Problem::refused(base, path, refusal));
    }

    /// What went wrong.
    pub(super) fn problems(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.problems)
    }

    /// Everybody who was asked.
    pub(super) fn asked(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.asked)
    }

    /// The transfers that still run: nobody waits for them here any more.
    pub(super) fn leave(mut self) -> Vec<(usize, Transfer)> {
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
