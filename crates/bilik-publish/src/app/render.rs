//! Fills the slots of pages, of the manifest and of the service worker. A value stays one value there, whatever is in it.

use super::error::AppError;
use super::list::{AppFile, AppList, Escape, Kind, policy_text};
use super::site_file::SiteFile;
use bilik::format::PublicKey;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;
use std::collections::BTreeMap;

/// The values of all slots; a template uses those that its entry in the list names.
#[derive(Serialize)]
struct Slots<'a> {
    mirrors: String,
    public_keys: String,
    threshold: usize,
    election: &'a str,
    name: String,
    demo: &'static str,
    help_phone: &'a str,
    help_url: &'a str,
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
        for file in list.files.iter().filter(|file| file.template.is_some()) {
            let text = String::from_utf8(file.bytes()?.into_owned()).map_err(|_| AppError::NotUtf8(file.source.clone()))?;
            environment.add_template_owned(file.path.clone(), text).map_err(at(file))?;
        }
        Ok(Self(environment))
    }

    /// The file for a site with these values, and with the `integrity` of the pinned element. A file without slots is as it is in `pkg/`.
    pub(super) fn fill(&self, file: &AppFile, site: &SiteFile, integrity: &str) -> Result<Vec<u8>, AppError> {
        if file.template.is_none() || file.kind == Kind::Partial {
            return Ok(file.bytes()?.into_owned());
        }
        let election = &site.election;
        let slots = Slots {
            mirrors: site.mirrors.join(" "),
            public_keys: words(&site.public_keys),
            threshold: site.threshold,
            election: &election.id,
            name: if election.demo { format!("DEMO · {}", election.name) } else { election.name.clone() },
            demo: if election.demo { "true" } else { "false" },
            help_phone: election.help_phone.as_deref().unwrap_or_default(),
            help_url: election.help_url.as_deref().unwrap_or_default(),
            policy: file.policy.as_ref().map(|policy| policy_text(&policy.directives(&site.mirrors))).unwrap_or_default(),
            version: site.pinned.rsplit('/').next().unwrap_or_default(),
            integrity: Value::from_safe_string(integrity.to_owned()),
            shell: Shell { version: &site.version, files: &site.files },
        };
        let template = self.0.get_template(&file.path).map_err(at(file))?;
        Ok(template.render(Serde(&slots)).map_err(at(file))?.into_bytes())
    }
}

/// For `map_err`.
fn at(file: &AppFile) -> impl FnOnce(minijinja::Error) -> AppError {
    |cause| AppError::Template { path: file.source.clone(), cause }
}

fn words(keys: &[PublicKey]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
