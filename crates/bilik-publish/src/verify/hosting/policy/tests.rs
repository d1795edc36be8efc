//! Policies that hosts send, and what a page loses by them.

use super::*;

const OWN: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
                   connect-src 'self' https://b.example http://192.0.2.7:8080; worker-src blob: 'self'; manifest-src 'self'; \
                   require-trusted-types-for 'script'; trusted-types bilik";
const HEAD: &str = "<meta name=bilik-mirrors content='./ https://b.example/x/ http://192.0.2.7:8080/'>\
                    <link rel=stylesheet href=css/a.css><link rel=icon href=i.svg><link rel=manifest href=m.json>\
                    <script defer src=old.js></script><script type=module src=app.js></script>";
const APP: [&str; 6] = ["index.html", "app.js", "css/a.css", "sw.js", "pkg/a.js", "pkg/a.wasm"];

fn findings(own: &str, head: &str, headers: &[&str]) -> Vec<Finding> {
    let url = Url::parse("https://a.example/tps/").unwrap();
    let headers: Vec<_> = headers.iter().map(ToString::to_string).collect();
    let html = format!("<!doctype html><head><meta http-equiv=\"content-security-policy\" content=\"{own}\">{head}</head>");
    ServedPage::new(&url, &headers, &html).findings(&APP)
}

fn problems(headers: &[&str]) -> Vec<String> {
    let problem = |finding| match finding {
        Finding::Problem(text) => Some(text),
        Finding::Advice(..) => None,
    };
    findings(OWN, HEAD, headers).into_iter().filter_map(problem).collect()
}

fn advice(headers: &[&str]) -> Vec<String> {
    let all = findings(OWN, HEAD, headers);
    let advice = |finding| match finding {
        Finding::Advice(HEADER, text) => text,
        other => panic!("{other:?}"),
    };
    all.into_iter().map(advice).collect()
}

#[test]
fn policies_that_allow_what_the_page_does_are_nothing_to_speak_of() {
    for headers in [
        &[][..],
        &[""],
        &[OWN],
        &[OWN, OWN],
        &["upgrade-insecure-requests; base-uri 'self'; object-src 'none'"],
        &["default-src * data: blob: 'unsafe-eval'"],
        &["default-src https: data: blob: http://192.0.2.7:* 'unsafe-eval', img-src * data:; img-src 'none'"],
        &["script-src 'unsafe-eval'; script-src-elem 'self'; worker-src * blob:"],
        &["script-src https://a.example/tps/ 'wasm-unsafe-eval' blob:"],
        &["sandbox allow-scripts allow-same-origin allow-forms allow-popups allow-downloads"],
        &["connect-src 'self' *.example:443 http://192.0.2.7:8080"],
        &["frame-ancestors 'none'"],
    ] {
        assert_eq!(findings(OWN, HEAD, headers), [], "{headers:?}");
    }
}

#[test]
fn a_policy_that_keeps_the_page_from_working_is_named_with_its_fix() {
    let no_script = "the page's own scripts do not run";
    let no_module = "browsers do not compile the module";
    for (headers, directive, lost, fix) in [
        (&["script-src 'none'"][..], "`script-src 'none'`", no_script, "add 'self' to script-src"),
        (&["default-src 'nonce-abc' 'wasm-unsafe-eval'"], "`default-src 'nonce-abc'", no_script, "add 'self' to script-src"),
        (&["script-src 'sha256-abc=' 'unsafe-eval'"], "`script-src 'sha256-abc='", no_script, "add 'self'"),
        (&["script-src 'self' 'strict-dynamic' 'unsafe-eval'"], "'strict-dynamic'", no_script, "add 'self'"),
        (&["script-src * 'unsafe-eval'; script-src-elem https://cdn.example"], "`script-src-elem https", no_script, "add 'self'"),
        (&["script-src 'self' blob:"], "`script-src 'self' blob:`", no_module, "add 'wasm-unsafe-eval' to script-src"),
        (&["default-src * blob: data:"], "`default-src * blob: data:`", no_module, "add 'wasm-unsafe-eval' to script-src"),
        (&[OWN, "img-src *, script-src * blob:"], "`script-src * blob:`", no_module, "add 'wasm-unsafe-eval'"),
        (
            &["script-src https://a.example/tps/app.js https://a.example/tps/old.js 'unsafe-eval' blob:"],
            "`script-src",
            no_script,
            "",
        ),
        (&["style-src 'none'"], "`style-src 'none'`", "styles are not applied", "add 'self' to style-src"),
        (&["connect-src https://b.example http://192.0.2.7:8080"], "`connect-src", "cannot fetch its own files", "add 'self'"),
        (
            &["connect-src 'self' http://192.0.2.7:8080"],
            "`connect-src",
            "mirror https://b.example",
            "add https://b.example to connect-src",
        ),
        (
            &["connect-src 'self' https://b.example http://192.0.2.7:80800"],
            "`connect-src",
            "mirror http://192.0.2.7:8080",
            "add http://192.0.2.7:8080",
        ),
        (&["sandbox"], "`sandbox`", "no script runs", "remove `sandbox`"),
        (&["sandbox allow-same-origin"], "`sandbox allow-same-origin`", "no script runs", "remove `sandbox`"),
    ] {
        let said = problems(headers);
        let is_named = |text: &String| {
            let all = [directive, lost, "Fix: ", fix, "the header Content-Security-Policy has"];
            all.iter().all(|part| text.contains(part))
        };
        assert!(said.iter().any(is_named), "{headers:?}: {said:#?}");
    }
}

#[test]
fn what_the_app_can_do_without_is_advice_that_says_what_is_lost() {
    let still = "stands still";
    let offline = "does not work without a network";
    for (header, directive, lost) in [
        ("worker-src 'self'", "`worker-src 'self'`", still),
        ("child-src 'none'", "`child-src 'none'`", still),
        ("script-src 'self' 'unsafe-eval'", "`script-src 'self' 'unsafe-eval'`", still),
        ("worker-src blob:", "`worker-src blob:`", offline),
        ("img-src 'self'", "`img-src 'self'`", "some pictures"),
        ("img-src data:", "`img-src data:`", "icons"),
        ("manifest-src 'none'", "`manifest-src 'none'`", "installed"),
        ("trusted-types 'none'", "`trusted-types 'none'`", still),
        ("trusted-types default dompurify", "`trusted-types default dompurify`", offline),
        ("sandbox allow-scripts", "`sandbox allow-scripts`", "no storage and no service worker"),
    ] {
        let said = advice(&[header]);
        assert!(
            said.iter().any(|text| text.contains(directive) && text.contains(lost) && text.contains("Fix: ")),
            "{header}: {said:#?}"
        );
    }
}

#[test]
fn trusted_types_that_nothing_demands_cost_nothing() {
    let own = OWN.replace("require-trusted-types-for 'script'; ", "");
    assert_eq!(findings(&own, HEAD, &["trusted-types 'none'"]), []);
}

#[test]
fn a_page_needs_no_more_than_its_own_policy_has() {
    // A frame starts no service worker, and a page without a policy needs everything.
    let frame = OWN.replace("worker-src blob: 'self'; manifest-src 'self'", "worker-src blob:");
    assert_eq!(findings(&frame, HEAD, &["worker-src blob:; manifest-src 'none'"]), []);
    assert_eq!(findings("", HEAD, &["worker-src blob:"]).len(), 1);
    // One that forbids itself what it cannot do without is from elsewhere.
    let own = OWN.replace(" https://b.example", "");
    let said = findings(&own, HEAD, &[]);
    assert!(
        matches!(&said[..], [Finding::Problem(text)] if text.contains("the page's own policy has `connect-src") && text.contains("build the site again")),
        "{said:?}"
    );
    // What a meta element cannot say.
    assert_eq!(findings(&format!("{OWN}; sandbox; frame-ancestors 'none'"), HEAD, &[]), []);
}

#[test]
fn styles_and_scripts_in_the_page_go_by_their_hashes() {
    // Of "p{}".
    let style = "'sha256-gG2yISYereRMiG2lMXrbiUgi0Ubw9p7QCeWcroOvy9Y='";
    let own = OWN.replace("style-src 'self'", &format!("style-src 'self' {style}"));
    let head = format!("{HEAD}<style>p{{}}</style>");
    let said = findings(&own, &head, &["style-src 'self'"]);
    assert!(
        matches!(&said[..], [Finding::Problem(text)] if text.contains("styles are not applied") && text.contains("hashes")),
        "{said:?}"
    );
    assert_eq!(findings(&own, &head, &[&format!("style-src 'self' {style}")]), []);
    assert_eq!(findings(&own, &head, &["style-src 'self' 'unsafe-inline'"]), []);
    let injected = format!("{HEAD}<script>1</script>");
    assert!(
        matches!(&findings(OWN, &injected, &[])[..], [Finding::Problem(text)] if text.contains("the page's own policy has `script-src"))
    );
    // Data does not run.
    assert_eq!(findings(OWN, &format!("{HEAD}<script type=application/json>1</script>"), &[]), []);
}

#[test]
fn a_script_type_that_a_cdn_made_up_is_named() {
    let head = HEAD.replace("type=module", "type=0a1b2c-module").replace("defer ", "type=0a1b2c-text/javascript ");
    let said = findings(OWN, &head, &[]);
    assert!(
        matches!(&said[..], [Finding::Problem(text)] if text.contains("0a1b2c-text/javascript") && text.contains("Rocket Loader")),
        "{said:?}"
    );
}

#[test]
fn a_service_worker_fetches_the_app_under_its_own_policy() {
    let url = Url::parse("https://a.example/sw.js").unwrap();
    let said = |header: &str| service_worker(&url, &[header.to_owned()]);
    assert_eq!(said("default-src 'none'; connect-src 'self'"), None);
    assert!(
        matches!(said("default-src 'none'"), Some(Finding::Problem(text)) if text.contains("`default-src 'none'`") && text.contains("without a network"))
    );
}

#[test]
fn hostile_headers_are_judged_and_shown_on_one_line() {
    for header in [
        "script-src :99999 *:999999999999 '",
        ";;,;,",
        "a\u{1b}[2J b",
        "script-src https://a.example:*/%zz",
        "sandbox \u{7f}",
        "connect-src *. *",
    ] {
        findings(OWN, HEAD, &[header, &header.repeat(500)]);
    }
    let said = problems(&[&format!("script-src x{}\u{1b}[2J", "y".repeat(500))]);
    assert!(said.iter().all(|text| text.len() < 600 && !text.contains('\u{1b}')), "{said:?}");
}
