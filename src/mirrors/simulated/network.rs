//! Simulated mirrors on a simulated line and clock, and a caller that fetches files from them.

use crate::mirrors::health::{Failure, Millis, Mirrors};
use crate::mirrors::race::{Race, Step};

/// The maximum number of requests to one mirror for one file.
const MAX_ASKS: u32 = 3;
/// The clock's tick.
const TICK: Millis = 10;
/// The bandwidth of an unsteady line in successive spells, in percent.
const SPELLS: [u64; 8] = [100, 80, 60, 5, 100, 30, 10, 40];

/// How a mirror behaves.
#[derive(Clone, Copy, Debug)]
pub(super) enum Behaviour {
    Honest,
    /// No connection.
    Refuses,
    /// Accepts the request and never answers.
    Mute,
    /// Stops after this many bytes and keeps the connection open.
    StallsAfter(u32),
    /// Closes the connection after this many bytes.
    CutsAfter(u32),
    /// Delivers the whole file with wrong contents.
    Lies,
    /// Honest, at this many bytes per second.
    Slow(u64),
    /// Pauses this long after each kilobyte, and the contents are wrong.
    Teases(Millis),
    /// Honest: the first half at once, the rest at this many bytes per second.
    Drips(u64),
    /// A connection error on the first request only.
    Stumbles,
}

impl Behaviour {
    /// Whether a file that it delivers in full is right. Short files come in full from mirrors that stop later.
    pub(super) fn is_right(self) -> bool {
        !matches!(self, Self::Lies | Self::Teases(_))
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Server {
    pub(super) behaviour: Behaviour,
    /// From asking to the first byte.
    pub(super) latency: Millis,
}

struct SimulatedTransfer {
    mirror: usize,
    asked: Millis,
    bytes: u64,
    waits_until: Millis,
    spoke: bool,
}

/// A phone with its line, and the mirrors that it asks.
pub(super) struct Simulation {
    servers: Vec<Server>,
    /// Bytes per second, for all transfers together.
    line: u64,
    /// How long each of the [`SPELLS`] lasts; `None` for a steady line.
    pub(super) spell: Option<Millis>,
    pub(super) mirrors: Mirrors,
    now: Millis,
    word: u64,
    asked: Vec<u32>,
    carried: u64,
}

/// How one file was delivered.
#[derive(Debug)]
pub(super) struct Delivery {
    /// The mirror that delivered it, if any.
    pub(super) from: Option<usize>,
    pub(super) took: Millis,
    /// The number of requests.
    pub(super) asked: u32,
    /// The bytes that the line carried for it.
    pub(super) carried: u64,
    pub(super) first: Option<usize>,
}

impl Simulation {
    pub(super) fn new(servers: Vec<Server>, line: u64, seed: u64) -> Self {
        let count = servers.len();
        let mirrors = Mirrors::new(count);
        Self { mirrors, servers, line, spell: None, now: 1_000, word: seed, asked: vec![0; count], carried: 0 }
    }

    fn random(word: &mut u64) -> u32 {
        *word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(*word >> 32).unwrap()
    }

    /// Fetches one file as a caller would.
    pub(super) fn fetch(&mut self, length: u32, opinions: usize) -> Delivery {
        let word = &mut self.word;
        let mut random = || Self::random(word);
        let mirrors = &mut self.mirrors;
        let mut race = Race::new(mirrors, length, &[], self.now, &mut random).of_opinions(opinions);
        let mut transfers: Vec<SimulatedTransfer> = Vec::new();
        let (began, earlier, mut first, mut from) = (self.now, self.asked.clone(), None, None);
        self.carried = 0;
        loop {
            let over = loop {
                match race.step(mirrors, self.now, &mut random) {
                    Step::Ask(mirror) => {
                        assert!(transfers.iter().all(|t| t.mirror != mirror), "two requests to one mirror at a time");
                        first.get_or_insert(mirror);
                        self.asked[mirror] += 1;
                        assert!(self.asked[mirror] <= earlier[mirror] + MAX_ASKS, "too many requests to mirror {mirror}");
                        transfers.push(SimulatedTransfer { mirror, asked: self.now, bytes: 0, waits_until: 0, spoke: false });
                        assert!(transfers.len() <= 3, "at most three transfers at a time");
                    }
                    Step::Drop(mirror) => {
                        assert!(transfers.iter().any(|t| t.mirror == mirror), "only running transfers are dropped");
                        transfers.retain(|t| t.mirror != mirror);
                    }
                    Step::Wait(until) => {
                        assert!(until > self.now, "a wait ends in the future");
                        break false;
                    }
                    Step::Done | Step::GiveUp => break true,
                }
            };
            let asked = self.asked.iter().sum::<u32>() - earlier.iter().sum::<u32>();
            let end = |from, now| Delivery { from, took: now - began, asked, carried: 0, first };
            if over || (from.is_some() && opinions == 1) {
                race.abandon(mirrors);
                return Delivery { carried: self.carried, ..end(from, self.now) };
            }
            self.now += TICK;
            assert!(self.now < began + 600_000, "the race ends");
            // A mirror that has not begun to answer uses no bandwidth.
            let answers = |transfer: &&SimulatedTransfer| self.now >= transfer.asked + self.servers[transfer.mirror].latency;
            let flowing = u64::try_from(transfers.iter().filter(answers).count()).unwrap().max(1);
            let spell = self.spell.map_or(0, |spell| usize::try_from(self.now / spell).unwrap());
            let gives = self.line * SPELLS[spell % SPELLS.len()] / 100;
            let mut gone = Vec::new();
            for transfer in &mut transfers {
                let server = self.servers[transfer.mirror];
                if self.now < transfer.asked + server.latency {
                    continue;
                }
                let mirror = transfer.mirror;
                let stumbles = matches!(server.behaviour, Behaviour::Stumbles) && self.asked[mirror] == 1;
                if matches!(server.behaviour, Behaviour::Refuses) || stumbles {
                    race.lost(mirrors, mirror, Failure::Unreachable, self.now, &mut random);
                    gone.push(mirror);
                    continue;
                }
                if matches!(server.behaviour, Behaviour::Mute) {
                    continue;
                }
                if !transfer.spoke {
                    transfer.spoke = true;
                    race.heard(mirrors, mirror, 0, self.now);
                }
                let (own, most) = match server.behaviour {
                    Behaviour::Slow(speed) => (speed, u64::MAX),
                    Behaviour::Drips(speed) if transfer.bytes >= u64::from(length) / 2 => (speed, u64::MAX),
                    Behaviour::StallsAfter(bytes) | Behaviour::CutsAfter(bytes) => (u64::MAX, u64::from(bytes)),
                    _ => (u64::MAX, u64::MAX),
                };
                if self.now < transfer.waits_until {
                    continue;
                }
                let came = (own.min(gives / flowing) * TICK / 1_000).max(1);
                let before = transfer.bytes;
                transfer.bytes = (before + came).min(most).min(u64::from(length));
                self.carried += transfer.bytes - before;
                if let Behaviour::Teases(pause) = server.behaviour
                    && transfer.bytes / 1_024 > before / 1_024
                {
                    transfer.waits_until = self.now + pause;
                }
                if transfer.bytes > before {
                    race.heard(mirrors, mirror, u32::try_from(transfer.bytes).unwrap(), self.now);
                }
                if transfer.bytes == u64::from(length) {
                    gone.push(mirror);
                    if server.behaviour.is_right() {
                        race.won(mirrors, mirror, self.now);
                        from.get_or_insert(mirror);
                    } else {
                        race.lost(mirrors, mirror, Failure::Refused, self.now, &mut random);
                    }
                } else if matches!(server.behaviour, Behaviour::CutsAfter(_)) && transfer.bytes == most {
                    race.lost(mirrors, mirror, Failure::Unreachable, self.now, &mut random);
                    gone.push(mirror);
                }
            }
            transfers.retain(|t| !gone.contains(&t.mirror));
        }
    }
}
