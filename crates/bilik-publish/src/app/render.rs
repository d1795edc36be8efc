//! Fills the slots of pages, of the manifest and of the service worker. A value stays one value there, whatever is in it.

use super::day;
use super::error::AppError;
use super::list::{AppFile, AppList, Escape, Kind};
use super::site_file::{PageOrganiser, SiteFile};
use crate::base_url::web_url;
use crate::phone;
use bilik::format::PublicKey;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;
use std::collections::BTreeMap;

/// The first of the pages of the stations.
const PAGES: &str = "tps/index.html";

/// The values of all slots; a template uses those that its entry in the list names.
#[derive(Serialize)]
pub(super) struct Slots<'a> {
    /// Where people find the site; empty where that is not known.
    address: &'a str,
    /// Where the pages of the stations begin, if there are any.
    pages: &'static str,
    mirrors: String,
    public_keys: String,
    threshold: usize,
    /// [`PageWitnesses`](super::site_file::PageWitnesses) as JSON; empty where there are none.
    witnesses: String,
    election: &'a str,
    /// Its name; that of a demo says so in `name`.
    election_name: &'a str,
    name: String,
    demo: &'static str,
    help_phone: &'a str,
    help_url: &'a str,
    /// Polling day, and in words.
    day: &'a str,
    day_id: String,
    day_en: String,
    hours: String,
    /// Whose page it looks like: the organiser's, or else the election's.
    brand: String,
    organiser: &'a str,
    organiser_url: &'a str,
    /// Its host's name.
    organiser_host: &'a str,
    contact: &'a str,
    /// The address of the contact, where it has one.
    contact_link: String,
    logo: &'a str,
    legal_basis: &'a str,
    /// Texts by language and list, as JSON; empty where the page's own hold.
    rights: String,
    policy: String,
    version: &'a str,
    /// Base64, of which no letter needs escaping.
    integrity: Value,
    shell: Shell<'a>,
}

/// What the service worker keeps.
#[derive(Serialize)]
struct Shell<'a> {
    version: &'a str,
    files: &'a BTreeMap<String, String>,
}

impl<'a> Slots<'a> {
    /// Of a page with this policy for a site, and with the `integrity` of the pinned element.
    pub(super) fn of(site: &'a SiteFile, policy: String, integrity: &str) -> Self {
        let election = &site.election;
        let name = if election.demo { format!("DEMO · {}", election.name) } else { election.name.clone() };
        let organiser = election.organiser.as_ref();
        let of_organiser = |value: fn(&PageOrganiser) -> &str| organiser.map(value).unwrap_or_default();
        let contact = of_organiser(|organiser| &organiser.privacy_contact);
        Self {
            address: site.address.as_deref().unwrap_or_default(),
            pages: if site.station_pages { PAGES } else { "" },
            mirrors: site.mirrors.join(" "),
            public_keys: words(&site.public_keys),
            threshold: site.threshold,
            witnesses: site.witnesses.as_ref().and_then(|them| serde_json::to_string(them).ok()).unwrap_or_default(),
            election: &election.id,
            election_name: &election.name,
            brand: organiser.map_or_else(|| name.clone(), |organiser| organiser.short_name.clone()),
            name,
            demo: if election.demo { "true" } else { "false" },
            help_phone: election.help_phone.as_deref().unwrap_or_default(),
            help_url: election.help_url.as_deref().unwrap_or_default(),
            day: &election.day,
            day_id: day::in_indonesian(&election.day),
            day_en: day::in_english(&election.day),
            hours: election.hours.join(" "),
            organiser: of_organiser(|organiser| &organiser.name),
            organiser_url: of_organiser(|organiser| &organiser.url),
            organiser_host: of_organiser(|organiser| organiser.url.split('/').nth(2).unwrap_or_default()),
            contact,
            contact_link: link_of(contact),
            logo: of_organiser(|organiser| organiser.logo.as_deref().unwrap_or_default()),
            // The page ends the sentence.
            legal_basis: election.legal_basis.as_deref().unwrap_or_default().trim_end().trim_end_matches('.'),
            rights: if election.rights.is_empty() { String::new() } else { serde_json::json!(election.rights).to_string() },
            policy,
            version: site.pinned.rsplit('/').next().unwrap_or_default(),
            integrity: Value::from_safe_string(integrity.to_owned()),
            shell: Shell { version: &site.version, files: &site.files },
        }
    }
}

/// The templates of the app.
pub(super) struct Templates(Environment<'static>);

impl Templates {
    pub(super) fn of(list: &AppList) -> Result<Self, AppError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        let escapes: BTreeMap<_, _> =
            list.files.iter().filter_map(|file| file.template.map(|escape| (file.path.clone(), escape))).collect();
        // Before the templates: each keeps the way of escaping that it is added with.
        environment.set_auto_escape_callback(move |name| match escapes.get(name) {
            Some(Escape::Json) => AutoEscape::Json,
            Some(Escape::Html) | None => AutoEscape::Html,
        });
        environment.add_filter("phone", phone::element);
        for file in list.files.iter().filter(|file| file.template.is_some()) {
            let text = String::from_utf8(file.bytes()?.into_owned()).map_err(|_| AppError::NotUtf8(file.source.clone()))?;
            environment.add_template_owned(file.path.clone(), text).map_err(at(&file.path))?;
        }
        Ok(Self(environment))
    }

    /// The file for a site with these values, and with the `integrity` of the pinned element. A file without slots is as it is in `pkg/`.
    pub(super) fn fill(&self, file: &AppFile, site: &SiteFile, integrity: &str) -> Result<Vec<u8>, AppError> {
        if file.template.is_none() || file.kind == Kind::Partial {
            return Ok(file.bytes()?.into_owned());
        }
        self.render(&file.path, &Slots::of(site, file.policy_for(&site.mirrors), integrity))
    }

    /// A template with any values.
    pub(super) fn render(&self, path: &str, values: &impl Serialize) -> Result<Vec<u8>, AppError> {
        let template = self.0.get_template(path).map_err(at(path))?;
        Ok(template.render(Serde(values)).map_err(at(path))?.into_bytes())
    }
}

/// For `map_err`.
fn at(path: &str) -> impl FnOnce(minijinja::Error) -> AppError {
    move |cause| AppError::Template { path: format!("app/{path}"), cause }
}

fn words(keys: &[PublicKey]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// Where a contact leads: a page, a mail address or a telephone number; nowhere where it is none of these.
fn link_of(contact: &str) -> String {
    let is_mail = contact.matches('@').count() == 1 && !contact.contains(|c: char| c.is_whitespace() || "?&:/\"<>".contains(c));
    if let Ok(page) = web_url(contact) {
        page.into()
    } else if is_mail {
        format!("mailto:{contact}")
    } else {
        phone::link(contact).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_leads_where_it_says() {
        assert_eq!(link_of("privasi@kpu.example"), "mailto:privasi@kpu.example");
        assert_eq!(link_of("+62 (21) 555-0100"), "tel:+62215550100");
        assert_eq!(link_of("https://kpu.example/privasi"), "https://kpu.example/privasi");
        for nowhere in [
            "",
            "Jalan Merdeka 1",
            "javascript:alert(1)",
            "a@b?cc=c@d",
            "a b@c",
            "loket 12",
            "021-555 0100 / 555 0101",
            "021-555 0100, 555 0101",
        ] {
            assert_eq!(link_of(nowhere), "", "{nowhere}");
        }
    }
}
