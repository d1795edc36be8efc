//! The certificate, repeated.

use super::super::plots::{Bar, bars};
use super::super::view::{DataTable, Plot, Section};
use super::super::words::fill;
use crate::language::Language;
use crate::number::float;
use crate::verify::Certificate;

pub(in super::super) fn proof(certificate: Option<&Certificate>, language: Language) -> Section {
    let words = language.words();
    let (title, lead) = (words.proof_title.into(), words.proof_lead.into());
    let empty = Section { id: "proof", title, lead, ..Section::default() };
    let Some(certificate) = certificate else {
        return Section { missing: Some(words.proof_missing.into()), ..empty };
    };
    let Certificate { voters, asked, right, wrong, failed, differing_tables, confidence, wrong_at_most, date, .. } = certificate;
    let statement = match language {
        Language::En => &certificate.statement.en,
        Language::Id => &certificate.statement.id,
    };
    let of_all = fill(words.new_of, &[("new", &language.count(*asked)), ("all", &language.count(*voters))]);
    let bar = Bar { label: words.asked.into(), value: float(*voters), part: Some(float(*asked)), text: of_all };
    let plot = Plot { title: words.proof_plot.into(), drawing: bars(words.proof_plot, &[bar]), ..Plot::default() };
    let bound = format!(
        "{} ({})",
        if *wrong_at_most > 0.0 { language.one_in(*wrong_at_most) } else { language.count(0) },
        fill(words.confidence, &[("p", &language.percent(*confidence))])
    );
    let row = |label: &str, value: String| vec![label.to_owned(), value];
    let count = |label, value: &u64| row(label, language.count(*value));
    let rows = vec![
        row(words.checked_on, language.time(date)),
        count(words.voters, voters),
        count(words.asked, asked),
        count(words.right, right),
        count(words.wrong, wrong),
        count(words.failed, failed),
        count(words.differing, differing_tables),
        row(words.at_most_wrong, bound),
    ];
    let table = DataTable::new(words.proof_title, words, &[words.figure, words.value], rows);
    Section { plots: vec![plot], notes: vec![statement.clone(), words.proof_unsigned.into()], tables: vec![table], ..empty }
}
