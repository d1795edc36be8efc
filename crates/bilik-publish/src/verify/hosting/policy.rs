//! What a page may do under all of its policies: those that its host sends, and the one in its own head. Each must allow it.

use super::finding::{Finding, printable};
use super::html::{HtmlElement, elements};
use crate::app::SERVICE_WORKER;
use content_security_policy::sandboxing_directive::SandboxingFlagSet;
use content_security_policy::{
    CheckResult, CspList, Destination, Directive, Element, Initiator, InlineCheckType, ParserMetadata, Policy, PolicyDisposition,
    PolicySource, Request, Violates, Violation,
};
use url::{Host, Url};

const HEADER: &str = "Content-Security-Policy";
/// What the page's scripts call their Trusted Types policy.
const TRUSTED_TYPES_POLICY: &str = "bilik";
/// What the app shows of its own.
const DATA_IMAGE: &str = "data:image/png,";

/// A page as it was served, with what it needs.
pub(super) struct ServedPage<'a> {
    url: &'a Url,
    elements: Vec<HtmlElement>,
    policies: Vec<Policy>,
}

/// One thing that a page needs.
struct Need<'a> {
    is_vital: bool,
    lost: String,
    /// What a policy must have, and in which directive.
    source: String,
    directive: &'static str,
    wants: Wants<'a>,
}

enum Wants<'a> {
    Requests(Vec<Request>),
    Inline(InlineCheckType, Vec<&'a HtmlElement>),
    WebAssembly,
}

impl<'a> ServedPage<'a> {
    /// The page at an address, from the policies of its headers and its text.
    pub(super) fn new(url: &'a Url, headers: &[String], html: &str) -> Self {
        let elements = elements(html);
        let mut policies: Vec<_> = header_policies(headers);
        let metas = elements.iter().filter(|element| element.name == "meta" && element.has("http-equiv", HEADER));
        policies.extend(metas.filter_map(|meta| meta.get("content")).map(|content| {
            let mut policy = Policy::parse(content, PolicySource::Meta, PolicyDisposition::Enforce);
            policy
                .directive_set
                .retain(|directive| !matches!(directive.name.as_str(), "sandbox" | "frame-ancestors" | "report-uri"));
            sound(policy)
        }));
        Self { url, elements, policies }
    }

    /// What the policies forbid of all that the page and these files of the app need.
    pub(super) fn findings(&self, app: &[&str]) -> Vec<Finding> {
        let mut findings = Vec::new();
        let needs = self.needs(app);
        for policy in &self.policies {
            let is_own = policy.source == PolicySource::Meta;
            for need in &needs {
                // What the page's own policy does without, it does not need.
                let is_needed = need.is_vital || (!is_own && !self.own().any(|own| need.forbidden_by(own).is_some()));
                if let Some(directive) = need.forbidden_by(policy).filter(|_| is_needed) {
                    findings.push(need.finding(&directive, is_own));
                }
            }
            findings.extend(sandboxed(policy));
        }
        findings.extend(self.trusted_types());
        findings.extend(self.script_types());
        findings
    }

    fn own(&self) -> impl Iterator<Item = &Policy> {
        self.policies.iter().filter(|policy| policy.source == PolicySource::Meta)
    }

    fn named(&self, name: &'static str) -> impl Iterator<Item = &HtmlElement> {
        self.elements.iter().filter(move |element| element.name == name)
    }

    fn needs(&self, app: &[&str]) -> Vec<Need<'_>> {
        use Destination::{Image, Manifest, None as Fetch, Script, ServiceWorker, Style, Worker};
        let need = |lost: &str, source: &str, directive, wants| Need {
            is_vital: true,
            lost: lost.into(),
            source: source.into(),
            directive,
            wants,
        };
        let optional =
            |lost: &str, source: &str, directive, wants| Need { is_vital: false, ..need(lost, source, directive, wants) };
        let requests = |urls: Vec<Url>, kind| Wants::Requests(urls.iter().map(|url| self.request(url, kind)).collect());
        let files = |is_one: &dyn Fn(&str) -> bool| {
            app.iter().filter(|path| is_one(path)).filter_map(|path| self.url.join(path).ok()).collect::<Vec<_>>()
        };
        let is_script = |path: &str| has_extension(path, "js");
        let scripts: Vec<_> = self.named("script").filter(|script| runs(script)).collect();
        let inline: Vec<_> = scripts.iter().copied().filter(|script| script.get("src").is_none()).collect();
        let mut loaded: Vec<_> = scripts.iter().filter_map(|script| self.parsed(script, "src", Script)).collect();
        loaded.extend(files(&is_script).iter().map(|url| self.request(url, Script)));
        let linked = |rel: &str, kind| {
            self.named("link")
                .filter(|link| link.has("rel", rel))
                .filter_map(|link| self.parsed(link, "href", kind))
                .collect::<Vec<_>>()
        };
        let no_scripts = "the page's own scripts do not run, so its form does nothing";
        let no_styles = "the page's styles are not applied";
        let mut needs = vec![
            need(no_scripts, "'self'", "script-src", Wants::Requests(loaded)),
            need(
                "browsers do not compile the module, so nobody is found",
                "'wasm-unsafe-eval'",
                "script-src",
                Wants::WebAssembly,
            ),
            need(
                "the page cannot fetch its own files",
                "'self'",
                "connect-src",
                requests(files(&|path| !has_extension(path, "html")), Fetch),
            ),
            need(no_styles, "'self'", "style-src", Wants::Requests(linked("stylesheet", Style))),
            need(
                no_styles,
                "the hashes of the page's own policy",
                "style-src",
                Wants::Inline(InlineCheckType::Style, self.named("style").collect()),
            ),
            need(no_scripts, "the hashes of the page's own policy", "script-src", Wants::Inline(InlineCheckType::Script, inline)),
        ];
        for mirror in self.mirrors() {
            let origin = mirror.origin().ascii_serialization();
            let lost = format!("the page cannot fetch from the mirror {origin}");
            needs.push(need(&lost, &origin, "connect-src", requests(vec![mirror], Fetch)));
        }
        let blob = Url::parse(&format!("blob:{}/x", self.url.origin().ascii_serialization())).into_iter().collect();
        let no_worker = "the search runs on the page itself and not in a worker, so the page stands still meanwhile";
        let no_storing = "no service worker starts, so the page does not work without a network";
        needs.extend([
            optional(no_worker, "blob:", "worker-src", requests(blob, Worker)),
            optional(
                no_storing,
                "'self'",
                "worker-src",
                requests(self.url.join(SERVICE_WORKER).into_iter().collect(), ServiceWorker),
            ),
            optional("icons are not shown", "'self'", "img-src", Wants::Requests(linked("icon", Image))),
            optional(
                "some pictures are not shown",
                "data:",
                "img-src",
                requests(Url::parse(DATA_IMAGE).into_iter().collect(), Image),
            ),
            optional(
                "the page cannot be installed as an app",
                "'self'",
                "manifest-src",
                Wants::Requests(linked("manifest", Manifest)),
            ),
        ]);
        needs
    }

    /// The mirrors that the page names.
    fn mirrors(&self) -> Vec<Url> {
        let named = self.named("meta").filter(|meta| meta.has("name", "bilik-mirrors")).filter_map(|meta| meta.get("content"));
        named.flat_map(str::split_ascii_whitespace).filter_map(|mirror| self.url.join(mirror).ok()).collect()
    }

    fn request(&self, url: &Url, destination: Destination) -> Request {
        Request {
            url: url.clone(),
            current_url: url.clone(),
            origin: self.url.origin(),
            redirect_count: 0,
            destination,
            initiator: if destination == Destination::None { Initiator::Fetch } else { Initiator::None },
            nonce: String::new(),
            integrity_metadata: String::new(),
            parser_metadata: ParserMetadata::NotParserInserted,
        }
    }

    /// The request for what an element of the page names.
    fn parsed(&self, element: &HtmlElement, attribute: &str, destination: Destination) -> Option<Request> {
        let request = self.request(&self.url.join(element.get(attribute)?).ok()?, destination);
        let attribute = |name| element.get(name).unwrap_or_default().to_owned();
        Some(Request {
            nonce: attribute("nonce"),
            integrity_metadata: attribute("integrity"),
            parser_metadata: ParserMetadata::ParserInserted,
            ..request
        })
    }

    /// Under Trusted Types the app starts its workers by a policy of its own.
    fn trusted_types(&self) -> Vec<Finding> {
        let all = CspList(self.policies.clone());
        let (created, violations) = all.is_trusted_type_policy_creation_allowed(TRUSTED_TYPES_POLICY, &[]);
        if created == CheckResult::Allowed || !all.does_sink_type_require_trusted_types("'script'", false) {
            return Vec::new();
        }
        let finding = |violation: &Violation| {
            let lost = "the app cannot start a worker or a service worker: the page stands still while it searches, and does not work without a network";
            let advice = format!(
                "{}: {lost}. Fix: add {TRUSTED_TYPES_POLICY} to trusted-types, {OMIT}",
                stated(&violation.directive, false)
            );
            Finding::Advice(HEADER, advice)
        };
        violations.iter().filter(|violation| violation.policy.source == PolicySource::Header).map(finding).collect()
    }

    /// Some CDNs give scripts a type of their own, to start them by themselves.
    fn script_types(&self) -> Option<Finding> {
        let other = self
            .named("script")
            .filter_map(|script| script.get("type"))
            .find(|kind| kind.contains("-text/javascript") || kind.contains("-module"))?;
        Some(Finding::Problem(format!(
            "a script's type was rewritten to `{}`, so browsers do not run it. Fix: turn off what defers scripts at the CDN (Rocket Loader)",
            printable(other)
        )))
    }
}

const OMIT: &str = "or omit the header: the page has a policy of its own";

impl Need<'_> {
    /// The directive that forbids it.
    fn forbidden_by(&self, policy: &Policy) -> Option<Directive> {
        match &self.wants {
            Wants::Requests(requests) => requests.iter().find_map(|request| blocked(policy, request)),
            Wants::Inline(kind, elements) => elements.iter().find_map(|element| {
                let nonce = element.get("nonce").map(Into::into);
                let list = CspList(vec![policy.clone()]);
                let (_, violations) =
                    list.should_elements_inline_type_behavior_be_blocked(&Element { nonce }, *kind, &element.text);
                violations.into_iter().next().map(|violation| violation.directive)
            }),
            Wants::WebAssembly => {
                let (_, violations) = CspList(vec![policy.clone()]).is_wasm_evaluation_allowed();
                violations.into_iter().next().map(|violation| violation.directive)
            }
        }
    }

    fn finding(&self, directive: &Directive, is_own: bool) -> Finding {
        let fix =
            if is_own { "build the site again".to_owned() } else { format!("add {} to {}, {OMIT}", self.source, self.directive) };
        let text = format!("{}: {}. Fix: {fix}", stated(directive, is_own), self.lost);
        if self.is_vital { Finding::Problem(text) } else { Finding::Advice(HEADER, text) }
    }
}

fn stated(directive: &Directive, is_own: bool) -> String {
    let whose = if is_own { "the page's own policy" } else { "the header Content-Security-Policy" };
    format!("{whose} has `{}`", printable(directive.to_string().trim()))
}

/// The policies in these values of the header.
pub(super) fn header_policies(values: &[String]) -> Vec<Policy> {
    let lists = values.iter().map(|value| CspList::parse(value, PolicySource::Header, PolicyDisposition::Enforce));
    lists.flat_map(|list| list.0).map(sound).collect()
}

/// Without sources whose port is none: no browser matches them, and the matcher would rather not see them.
fn sound(mut policy: Policy) -> Policy {
    let port = |source: &str| source.rsplit_once(':').map(|(_, rest)| rest.split('/').next().unwrap_or_default().to_owned());
    let is_sound = |source: &String| {
        port(source)
            .is_none_or(|port| port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()) || port.parse::<u16>().is_ok())
    };
    policy.directive_set.iter_mut().for_each(|directive| directive.value.retain(is_sound));
    policy
}

/// The directive that blocks a request. The standard matches no numbers as hosts but 127.0.0.1; all browsers do.
fn blocked(policy: &Policy, request: &Request) -> Option<Directive> {
    const STAND_IN: &str = "number.invalid";
    let Violates::Directive(directive) = policy.does_request_violate_policy(request) else { return None };
    if let Some(Host::Ipv4(number)) = request.current_url.host() {
        let (mut policy, mut request) = (policy.clone(), request.clone());
        let number = number.to_string();
        request.current_url.set_host(Some(STAND_IN)).ok()?;
        policy
            .directive_set
            .iter_mut()
            .flat_map(|directive| &mut directive.value)
            .for_each(|source| *source = source.replace(&number, STAND_IN));
        if policy.does_request_violate_policy(&request) == Violates::DoesNotViolate {
            return None;
        }
    }
    Some(directive)
}

/// Whether a service worker with these policies may fetch the files that it stores.
pub(super) fn service_worker(url: &Url, headers: &[String]) -> Option<Finding> {
    let page = ServedPage::new(url, headers, "");
    let directive = page.policies.iter().find_map(|policy| blocked(policy, &page.request(url, Destination::None)))?;
    let lost = "the service worker cannot fetch the app, so the page does not work without a network";
    Some(Finding::Problem(format!("{}: {lost}. Fix: add 'self' to connect-src", stated(&directive, false))))
}

fn sandboxed(policy: &Policy) -> Option<Finding> {
    let directive = policy.directive_set.iter().find(|directive| directive.name == "sandbox")?;
    let flags = directive.get_sandboxing_flag_set_for_document(policy)?;
    let stated = stated(directive, false);
    if flags.contains(SandboxingFlagSet::SANDBOXED_SCRIPTS_BROWSING_CONTEXT_FLAG) {
        return Some(Finding::Problem(format!("{stated}: no script runs, so the form does nothing. Fix: remove `sandbox`")));
    }
    let lost = "the page has no storage and no service worker, so it stores nothing for use without a network and does not remember \
                the newest head. Fix: remove `sandbox`, or add allow-same-origin to it";
    flags
        .contains(SandboxingFlagSet::SANDBOXED_ORIGIN_BROWSING_CONTEXT_FLAG)
        .then(|| Finding::Advice(HEADER, format!("{stated}: {lost}")))
}

fn has_extension(path: &str, extension: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, end)| end == extension)
}

/// Whether a browser takes it for a script.
fn runs(script: &HtmlElement) -> bool {
    script.get("type").is_none_or(|kind| kind.is_empty() || kind == "module" || super::media::is_javascript(kind))
}

#[cfg(test)]
mod tests;
