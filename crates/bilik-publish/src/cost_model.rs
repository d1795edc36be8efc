//! What it costs to harvest a roll from its sealed tables: the model behind `bilik report --cost`, `docs/threat-model.md` and the
//! floors that a real election must reach.
//!
//! A guess is a whole set of details, and each table has a salt of its own. So an attacker derives once for each table, candidate
//! and pepper, and nothing that is derived for one table helps with another. A wrong guess costs all peppers, a right one half of
//! them on average.
//!
//! | module | what it does |
//! |---|---|
//! | `settings` | what the operator chooses: cost of a derivation, pepper bits |
//! | `population` | how many voters, how old, how many move: the published shape of 2024, or a roll's |
//! | `curve`, `names` | how many names cover how many voters, most frequent first |
//! | `published_names`, `measure` | where the names come from: words of a public roll, or the operator's roll |
//! | `attack` | derivations that each attacker needs |
//! | `prices` | dollars a derivation, with sources; an operator can replace them |
//! | `estimate`, `show` | the table, for scripts and for people |
//! | `floor` | what a real election must cost at least, and which setting lifts it |

mod attack;
mod curve;
mod estimate;
mod floor;
mod measure;
mod names;
mod population;
mod prices;
mod published_names;
mod settings;
mod show;

pub use attack::Attacker;
pub use estimate::{Bill, Estimate, Goal, Harvest, WeakestTable};
pub use floor::{Floor, FloorResult, Shortfall, shortfalls};
pub use measure::{RollShape, WeakTable};
pub use names::{NameCounter, NameShape};
pub use population::{AgeBand, Population};
pub use prices::{Machine, Prices, PricesError};
pub use published_names::published_names;
pub use settings::CostSettings;
