//! How far a plan is: what is sealed, missing and refused, and what it will still cost.

use crate::build::BuildError;
use crate::number::float;
use crate::work::{SealedPart, WorkFolder};

/// How far a plan is.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WorkStatus {
    /// The election's id.
    pub election: String,
    /// Voters to seal.
    pub voters: u64,
    /// Keys to derive.
    pub keys: u64,
    /// How many parts there are.
    pub parts: usize,
    /// Parts that are sealed.
    pub done: usize,
    /// Parts that are not, by number.
    pub missing: Vec<usize>,
    /// Parts whose output is of another plan or part, or damaged, and why.
    pub refused: Vec<RefusedPart>,
    /// CPU hours that the sealed parts took.
    pub core_hours_spent: f64,
    /// CPU hours that the others will take, by those that are sealed; none where none is.
    pub core_hours_left: Option<f64>,
}

/// A part whose output is refused.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RefusedPart {
    /// The part.
    pub part: usize,
    /// Why.
    pub reason: String,
}

/// Looks at the outputs of all parts: their receipts, not their tables.
///
/// # Errors
/// When the plan cannot be read.
pub fn status(work: &WorkFolder) -> Result<WorkStatus, BuildError> {
    let key = work.run_key()?;
    let plan = work.plan(&key)?;
    let (mut missing, mut refused, mut seconds, mut sealed_keys) = (Vec::new(), Vec::new(), 0.0, 0);
    for part in 1..=plan.parts.len() {
        if !work.is_sealed(part) {
            missing.push(part);
            continue;
        }
        match SealedPart::open(&work.output_path(part), &plan.run, part, &key.part(part)) {
            Ok(sealed) => {
                seconds += sealed.receipt.cpu_seconds;
                sealed_keys += sealed.receipt.keys;
            }
            Err(error) => refused.push(RefusedPart { part, reason: error.to_string() }),
        }
    }
    let keys = plan.keys();
    let hours = seconds / 3_600.0;
    let left = keys.saturating_sub(sealed_keys);
    Ok(WorkStatus {
        election: plan.election.clone(),
        voters: plan.voters,
        keys,
        parts: plan.parts.len(),
        done: plan.parts.len() - missing.len() - refused.len(),
        missing,
        refused,
        core_hours_spent: hours,
        core_hours_left: (sealed_keys > 0).then(|| hours * float(left) / float(sealed_keys)),
    })
}
