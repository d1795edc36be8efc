//! What building and verifying take.

use super::super::figures::SiteFigures;
use super::super::plots::{Bar, bars};
use super::super::view::{DataTable, Plot, Section};
use super::super::words::fill;
use crate::cost_model::Prices;
use crate::language::Language;
use bilik::Cost;

pub(in super::super) fn work(site: &SiteFigures, prices: &Prices, language: Language) -> Section {
    let words = language.words();
    let cost = Cost { memory_kib: site.sealing.memory_kib, passes: site.sealing.passes };
    let rate = prices.cpu_core.rate(cost);
    let derivations = &site.derivations;
    let sample = fill(words.work_sample, &[("n", &language.count(derivations.sampled_voters))]);
    let tasks = [
        (words.work_build.to_owned(), derivations.build),
        (sample, derivations.verify_sample),
        (words.work_all.to_owned(), derivations.verify_all),
    ];
    let bar = |(label, count): &(String, f64)| Bar {
        label: label.clone(),
        value: *count,
        part: None,
        text: language.duration(count / rate),
    };
    let row = |(label, count): &(String, f64)| vec![label.clone(), language.about(*count), language.duration(count / rate)];
    let head = [words.work_what, words.derivations, words.core_time];
    let plot = Plot {
        title: words.work_plot.into(),
        drawing: bars(words.work_plot, &tasks.each_ref().map(bar)),
        table: Some(DataTable::new(words.work_plot, words, &head, tasks.iter().map(row).collect())),
        ..Plot::default()
    };
    let [full, near] = [derivations.lookup_by_full, derivations.lookup_by_near].map(|count| language.count(count));
    Section {
        id: "work",
        title: words.work_title.into(),
        lead: fill(words.work_lead, &[("rate", &language.about(rate))]),
        plots: vec![plot],
        notes: vec![fill(words.lookup_note, &[("full", &full), ("near", &near)])],
        ..Section::default()
    }
}
