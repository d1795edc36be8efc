//! What a derivation costs an attacker: the one table of rates and prices, with their sources.

use bilik::Cost;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::path::Path;

/// A machine that derives: how fast, and what an hour of it costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// Derivations a second at the cost below.
    pub derivations_per_second: f64,
    /// The memory of a derivation at which the rate was measured.
    pub memory_kib: u32,
    /// Its passes.
    pub passes: u32,
    /// The rent.
    #[serde(default)]
    pub dollars_per_hour: f64,
    /// The price of a machine of one's own.
    #[serde(default)]
    pub purchase_dollars: f64,
    /// How long it lives.
    #[serde(default)]
    pub life_hours: f64,
    /// What it draws.
    #[serde(default)]
    pub watts: f64,
    /// What power costs.
    #[serde(default)]
    pub dollars_per_kwh: f64,
    /// Where the figures are from.
    #[serde(default)]
    pub source: Cow<'static, str>,
}

/// The machines that the model prices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// One core of a rented server.
    pub cpu_core: Machine,
    /// A rented graphics card. The floors are in its dollars.
    pub rented_gpu: Machine,
    /// A card that was bought and computes day and night for its whole life.
    pub own_gpu: Machine,
}

/// Prices that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PricesError {
    /// The file cannot be read.
    #[error("{}", tr::tr!("{} cannot be read. Expected: a TOML file such as `bilik report --cost --print-prices` writes", _0))]
    Unreadable(String, #[source] std::io::Error),
    /// It is not such TOML.
    #[error("{}", tr::tr!("{}: not a table of prices: {}. Expected: the keys that `bilik report --cost --print-prices` writes", _0, _1))]
    NotPrices(String, String),
    /// A value makes no sense.
    #[error("{}", tr::tr!("{}: invalid value in [{}]: expected a rate, memory, passes and a price an hour above 0", _0, _1))]
    Invalid(String, &'static str),
}

const REFERENCE: Cost = Cost::DEFAULT;

impl Default for Prices {
    fn default() -> Self {
        let machine = |derivations_per_second, dollars_per_hour, source| Machine {
            derivations_per_second,
            memory_kib: REFERENCE.memory_kib,
            passes: REFERENCE.passes,
            dollars_per_hour,
            purchase_dollars: 0.0,
            life_hours: 0.0,
            watts: 0.0,
            dollars_per_kwh: 0.0,
            source: Cow::Borrowed(source),
        };
        Self {
            cpu_core: machine(
                200.0,
                0.01,
                "5.0 ms, the fastest code tried on one x86-64 core in 2026; a spot price of 2026, assumed",
            ),
            rented_gpu: machine(
                9_000.0,
                0.34,
                "RTX 4090; hashcat's 1,667/s at 64 MiB, 3 passes (pull request 4284) is 8,400/s here; RunPod spot, March 2026",
            ),
            own_gpu: Machine {
                purchase_dollars: 1_599.0,
                life_hours: 3.0 * 365.0 * 24.0,
                watts: 450.0,
                dollars_per_kwh: 0.09,
                ..machine(9_000.0, 0.0, "RTX 4090 at its launch price over 3 years, assumed; 450 W at PLN's household tariff")
            },
        }
    }
}

impl Machine {
    /// What an hour costs: rent, wear and power.
    #[must_use]
    pub fn hour(&self) -> f64 {
        let wear = if self.purchase_dollars > 0.0 { self.purchase_dollars / self.life_hours } else { 0.0 };
        self.dollars_per_hour + wear + self.watts / 1_000.0 * self.dollars_per_kwh
    }

    /// Derivations a second at another cost: the time is proportional to memory times passes.
    #[must_use]
    pub fn rate(&self, cost: Cost) -> f64 {
        let work = |memory_kib: u32, passes: u32| f64::from(memory_kib) * f64::from(passes);
        self.derivations_per_second * work(self.memory_kib, self.passes) / work(cost.memory_kib, cost.passes)
    }

    /// Dollars for a number of derivations at a cost.
    #[must_use]
    pub fn dollars(&self, derivations: f64, cost: Cost) -> f64 {
        derivations / self.rate(cost) / 3_600.0 * self.hour()
    }

    fn is_valid(&self) -> bool {
        let hour = self.hour();
        let positive = |value: f64| value.is_finite() && value > 0.0;
        positive(self.derivations_per_second) && positive(hour) && self.memory_kib > 0 && self.passes > 0
    }
}

impl Prices {
    /// The three machines with their names in the file.
    #[must_use]
    pub fn machines(&self) -> [(&'static str, &Machine); 3] {
        [("cpu_core", &self.cpu_core), ("rented_gpu", &self.rented_gpu), ("own_gpu", &self.own_gpu)]
    }

    /// Reads a file in place of the default.
    ///
    /// # Errors
    /// When it cannot be read, is not such TOML, or names a rate or price that is not above 0.
    pub fn load(path: &Path) -> Result<Self, PricesError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| PricesError::Unreadable(name.clone(), error))?;
        Self::parse(&text, name)
    }

    fn parse(text: &str, name: String) -> Result<Self, PricesError> {
        let prices: Self = match toml::from_str(text) {
            Ok(prices) => prices,
            Err(error) => return Err(PricesError::NotPrices(name, error.message().to_owned())),
        };
        let invalid = prices.machines().into_iter().find(|(_, machine)| !machine.is_valid()).map(|(key, _)| key);
        invalid.map_or(Ok(prices), |key| Err(PricesError::Invalid(name, key)))
    }

    /// The file that [`Prices::load`] reads, with comments.
    #[must_use]
    pub fn to_toml(&self) -> String {
        let mut lines = vec![
            "# Rates and prices of machines that guess. Change them, and pass the file to `bilik report --cost --prices FILE`."
                .into(),
            "# The rate is that of Argon2id at memory_kib and passes; the time is taken to be proportional to both.".into(),
            "# An hour costs dollars_per_hour + purchase_dollars / life_hours + watts / 1000 * dollars_per_kwh.".into(),
        ];
        for (name, machine) in self.machines() {
            lines.push(format!("\n[{name}]"));
            lines.push(format!("derivations_per_second = {:?}", machine.derivations_per_second));
            lines.push(format!("memory_kib = {}", machine.memory_kib));
            lines.push(format!("passes = {}", machine.passes));
            let dollars = [
                ("dollars_per_hour", machine.dollars_per_hour),
                ("purchase_dollars", machine.purchase_dollars),
                ("life_hours", machine.life_hours),
                ("watts", machine.watts),
                ("dollars_per_kwh", machine.dollars_per_kwh),
            ];
            lines.extend(dollars.iter().filter(|(_, value)| *value > 0.0).map(|(key, value)| format!("{key} = {value:?}")));
            lines.push(format!("source = {}", toml::Value::String(machine.source.clone().into_owned())));
        }
        lines.join("\n") + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_derivations_cost_what_the_design_says() {
        let prices = Prices::default();
        let million = |machine: &Machine| machine.dollars(1e6, Cost::DEFAULT);
        assert!((million(&prices.rented_gpu) - 0.0105).abs() < 0.000_05, "{}", million(&prices.rented_gpu));
        assert!((million(&prices.cpu_core) - 0.0139).abs() < 0.000_05);
        assert!((million(&prices.own_gpu) - 0.0031).abs() < 0.000_05, "{}", million(&prices.own_gpu));
    }

    #[test]
    fn the_rate_agrees_with_hashcats() {
        let hashcat = Cost { memory_kib: 65_536, passes: 3 };
        let rate = Prices::default().rented_gpu.rate(hashcat);
        assert!((rate / 1_667.0 - 1.0).abs() < 0.1, "{rate}");
    }

    #[test]
    fn the_file_that_is_written_is_read() {
        let prices = Prices::default();
        assert_eq!(Prices::parse(&prices.to_toml(), "prices".into()).unwrap(), prices);
    }

    #[test]
    fn a_wrong_file_is_refused_with_its_reason() {
        let text = Prices::default().to_toml();
        for (wrong, reason) in [
            (text.replace("passes", "passses"), "unknown field"),
            (text.replace("derivations_per_second = 9000.0", "derivations_per_second = 0.0"), "[rented_gpu]"),
            (text.replace("life_hours = 26280.0\n", ""), "[own_gpu]"),
            (text.replace("[own_gpu]", "[own]"), "unknown field"),
        ] {
            let error = Prices::parse(&wrong, "prices.toml".into()).unwrap_err().to_string();
            assert!(error.starts_with("prices.toml: ") && error.contains(reason), "{error}");
        }
    }
}
