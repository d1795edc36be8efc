//! Whether partners' pages may show a page in a frame.

use super::finding::{Finding, printable};
use super::policy::header_policies;
use content_security_policy::{CheckResult, Directive, Policy, Response};
use url::Url;

const FIX: &str = "partners' pages show an empty box in its place. Fix: omit it for this file";

/// What the headers say of the frame at an address when `partner`'s page shows it.
pub(super) fn judged(frame: &Url, partner: &Url, policies: &[String], x_frame_options: Option<&str>) -> Option<Finding> {
    let policies = header_policies(policies);
    let ancestors: Vec<(&Policy, &Directive)> = policies
        .iter()
        .filter_map(|policy| Some((policy, policy.directive_set.iter().find(|directive| directive.name == "frame-ancestors")?)))
        .collect();
    let response = Response { url: frame.clone(), redirect_count: 0 };
    for (policy, directive) in &ancestors {
        let checked = directive.navigation_response_check(&response, &frame.origin(), &vec![partner.clone()], policy);
        if checked == CheckResult::Blocked {
            let stated = format!("the header Content-Security-Policy has `{}`", printable(directive.to_string().trim()));
            let is_list = directive.value.iter().any(|source| !source.starts_with('\''));
            return Some(if is_list {
                Finding::Advice(
                    "Content-Security-Policy",
                    format!("{stated}: pages of other partners show an empty box in its place"),
                )
            } else {
                Finding::Problem(format!("{stated}: {FIX}"))
            });
        }
    }
    // A browser that finds `frame-ancestors` does not look at the older header.
    let values = x_frame_options.filter(|_| ancestors.is_empty())?;
    forbids(values).then(|| Finding::Problem(format!("the header X-Frame-Options is `{}`: {FIX}", printable(values))))
}

/// As the HTML standard reads it: values that it does not know count for nothing, and contradictions forbid.
fn forbids(values: &str) -> bool {
    let mut options: Vec<_> = values.split(',').map(|value| value.trim().to_ascii_lowercase()).collect();
    options.sort_unstable();
    options.dedup();
    match &options[..] {
        [one] => matches!(one.as_str(), "deny" | "sameorigin"),
        several => several.iter().any(|one| matches!(one.as_str(), "deny" | "allowall" | "sameorigin")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(policies: &[&str], x_frame_options: Option<&str>) -> Option<Finding> {
        let url = |text| Url::parse(text).unwrap();
        let policies: Vec<_> = policies.iter().map(ToString::to_string).collect();
        judged(&url("https://a.example/embed.html"), &url("https://partner.example/"), &policies, x_frame_options)
    }

    #[test]
    fn what_keeps_a_frame_from_partners_is_a_problem() {
        for (policies, options, named) in [
            (&["frame-ancestors 'none'"][..], None, "frame-ancestors 'none'"),
            (&["default-src *", "img-src *, frame-ancestors 'self'"], None, "frame-ancestors 'self'"),
            (&["frame-ancestors"], None, "`frame-ancestors`"),
            (&["frame-ancestors *", "frame-ancestors 'self'"], Some("ALLOWALL"), "frame-ancestors 'self'"),
            (&[], Some("DENY"), "X-Frame-Options is `DENY`"),
            (&[], Some("SameOrigin"), "X-Frame-Options"),
            (&[], Some("allowall, DENY"), "X-Frame-Options"),
        ] {
            let Some(Finding::Problem(text)) = said(policies, options) else { panic!("{policies:?} {options:?}") };
            assert!(text.contains(named) && text.contains("Fix: "), "{text}");
        }
    }

    #[test]
    fn what_browsers_ignore_is_nothing() {
        for (policies, options) in [
            (&[][..], None),
            (&["default-src 'none'"], None),
            (&["frame-ancestors *"], Some("DENY")),
            (&["frame-ancestors https:"], None),
            (&[], Some("ALLOW-FROM https://other.example/")),
            (&[], Some("")),
        ] {
            assert_eq!(said(policies, options), None, "{policies:?} {options:?}");
        }
    }

    #[test]
    fn a_list_of_partners_is_meant_to_be_one() {
        let list = said(&["frame-ancestors 'self' https://news.example"], None);
        assert!(matches!(list, Some(Finding::Advice(_, text)) if text.contains("news.example")));
        assert_eq!(said(&["frame-ancestors 'self' https://partner.example"], None), None);
    }
}
