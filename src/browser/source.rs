//! The lookup's source of files: the cache first, then mirrors one after another.

use super::{cache, fetch};
use crate::file::Refusal;
use crate::head::{self, Head, Trust};
use crate::lookup::{Problem, Source};
use crate::mirrors::Mirrors;
use futures_util::future::join_all;
use std::cell::RefCell;

/// How many mirrors are asked for the head at once.
const HEADS: usize = 2;

/// The mirrors that a page names, and only those.
pub(super) struct Web {
    bases: Vec<String>,
    /// Where the head is kept: pages that trust other keys, or want another election, keep their own.
    head_key: String,
    health: RefCell<Mirrors>,
}

impl Web {
    /// `bases` are absolute addresses that end in a slash.
    pub(super) fn new(bases: Vec<String>, trust: &Trust) -> Self {
        let head_key = format!("{}?{}", head::PATH, trust.id());
        Self { health: RefCell::new(Mirrors::new(bases.len())), bases, head_key }
    }

    fn order(&self) -> Vec<(usize, &str)> {
        let order = self.health.borrow().order(random);
        order.into_iter().filter_map(|at| Some((at, self.bases.get(at)?.as_str()))).collect()
    }

    /// From one mirror, checked; notes how the mirror did.
    async fn ask<T>(
        &self,
        (at, base): (usize, &str),
        path: &str,
        most: u32,
        check: &dyn Fn(&[u8]) -> Result<T, Refusal>,
    ) -> Result<(T, Vec<u8>), Problem> {
        let fetched = fetch::fetch(&format!("{base}{path}"), most).await;
        let checked = match fetched {
            Ok(bytes) => check(&bytes).map(|rank| (rank, bytes)).map_err(|refusal| Problem::refused(base, path, &refusal)),
            Err(reason) => Err(Problem::unreachable(base, path, reason)),
        };
        let mut health = self.health.borrow_mut();
        if checked.is_ok() {
            health.answered(at);
        } else {
            health.failed(at);
        }
        checked
    }
}

impl Source for Web {
    async fn file(&self, path: &str, length: u32, check: &dyn Fn(&[u8]) -> Result<(), Refusal>) -> Result<Vec<u8>, Vec<Problem>> {
        if let Some(bytes) = cache::get(path).await.filter(|bytes| check(bytes).is_ok()) {
            return Ok(bytes);
        }
        let mut problems = Vec::new();
        for mirror in self.order() {
            match self.ask(mirror, path, length, check).await {
                Ok(((), bytes)) => {
                    cache::put(path, &bytes).await;
                    return Ok(bytes);
                }
                Err(problem) => problems.push(problem),
            }
        }
        Err(problems)
    }

    async fn head(&self, check: &dyn Fn(&[u8]) -> Result<u64, Refusal>) -> Result<Vec<u8>, Vec<Problem>> {
        let mut problems = Vec::new();
        for mirrors in self.order().chunks(HEADS) {
            let asked = mirrors.iter().map(|&mirror| self.ask(mirror, head::PATH, head::LONGEST, check));
            let mut best: Option<(u64, Vec<u8>)> = None;
            for answer in join_all(asked).await {
                match answer {
                    Ok((serial, bytes)) if best.as_ref().is_none_or(|(highest, _)| serial > *highest) => {
                        best = Some((serial, bytes));
                    }
                    Ok(_) => {}
                    Err(problem) => problems.push(problem),
                }
            }
            if let Some((_, bytes)) = best {
                return Ok(self.at_least_as_new_as_cached(bytes, check).await);
            }
        }
        // None in reach: the last one that was verified here, which shows its date.
        cache::get(&self.head_key).await.filter(|bytes| check(bytes).is_ok()).ok_or(problems)
    }

    fn now(&self) -> u64 {
        whole(js_sys::Date::now() / 1000.0).unwrap_or_default()
    }

    fn name(&self) -> String {
        self.bases.first().cloned().unwrap_or_default()
    }
}

impl Web {
    /// A head that was seen on this device is never followed by an older one.
    async fn at_least_as_new_as_cached(&self, bytes: Vec<u8>, check: &dyn Fn(&[u8]) -> Result<u64, Refusal>) -> Vec<u8> {
        let cached = cache::get(&self.head_key).await;
        let election = |bytes: &[u8]| Head::read_unverified(bytes).ok().map(|(head, _)| head.election);
        let newer = cached.filter(|cached| {
            let is_newer = check(cached).is_ok_and(|seen| check(&bytes).is_ok_and(|serial| seen > serial));
            is_newer && election(cached) == election(&bytes)
        });
        if let Some(newer) = newer {
            return newer;
        }
        cache::put(&self.head_key, &bytes).await;
        bytes
    }
}

/// Uniform enough to spread voters over mirrors.
fn random() -> u32 {
    whole(js_sys::Math::random() * 4_294_967_295.0).unwrap_or_default()
}

/// A number's whole part: the way from float to integer without a cast.
pub(super) fn whole<T: std::str::FromStr>(number: f64) -> Option<T> {
    let digits = js_sys::Number::from(number.floor()).to_string_with_radix(10).ok()?;
    String::from(digits).parse().ok()
}
