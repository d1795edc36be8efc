//! How keys are derived changes the time of a build, and not a byte of the site.

use crate::BILIK;
use bilik::Cost;
use bilik_cli::synthetic::Shape;
use bilik_testkit::{MIN_COST, Operator, tree};

/// A demo with a fixed seed, built by both methods: the whole sites are equal.
fn same_by_both_methods(shape: &Shape) {
    let (operator, _) = Operator::of(BILIK, shape);
    let built = |more: &[&str]| {
        let args: Vec<&dyn AsRef<std::ffi::OsStr>> = more.iter().map(|arg| arg as &dyn AsRef<std::ffi::OsStr>).collect();
        operator.run_build(&args).exits_with(0);
        let site = tree(&operator.site());
        std::fs::remove_dir_all(operator.site()).unwrap();
        site
    };
    let slow = built(&["--derive", "rustcrypto"]);
    assert!(slow.keys().any(|path| path.starts_with("t")));
    assert!(slow == built(&["--derive", "fast"]));
    assert!(slow == built(&[]));
}

#[test]
fn both_methods_give_the_same_site() {
    same_by_both_methods(&Shape { cost: MIN_COST, sealing_seed: Some(7), min_voters: 100, max_keys: 400, ..Shape::demo(2_000) });
}

#[test]
fn both_methods_give_the_same_site_at_the_default_cost() {
    same_by_both_methods(&Shape { cost: Cost::DEFAULT, sealing_seed: Some(7), ..Shape::demo(60) });
}

#[test]
fn an_unknown_method_is_refused_with_those_that_there_are() {
    let operator = Operator::new(BILIK);
    let err = operator.run_build(&[&"--derive", &"best"]).exits_with(2).err;
    assert!(err.contains("fast") && err.contains("rustcrypto"), "{err}");
}
