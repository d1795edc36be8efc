//! Where the pages lie, and where they lead. Nothing in an address is a voter's.

use crate::sinks::for_page;
use bilik::format::Code;
use url::form_urlencoded;

/// The folder of a site that holds them, and nothing else.
pub(crate) const FOLDER: &str = "tps";

/// The page of the country, in the site.
pub(super) fn country() -> String {
    format!("{FOLDER}/index.html")
}

/// The page of a province, in the site.
pub(super) fn province(code: Code) -> String {
    format!("{FOLDER}/{code}.html")
}

/// What names the sitemaps of the provinces, in the site.
pub(super) fn sitemap() -> String {
    format!("{FOLDER}/sitemap.xml")
}

/// The addresses of a province's pages, in the site.
pub(super) fn sitemap_of(province: Code) -> String {
    format!("{FOLDER}/{province}.xml")
}

/// The page of a village, in the site.
pub(super) fn village(code: Code) -> String {
    format!("{FOLDER}/{}/{code}.html", folder_of(code))
}

/// The folder of a village's page.
pub(super) fn folder_of(village: Code) -> String {
    village.regency_of().map(|regency| regency.to_string()).unwrap_or_default()
}

/// `WhatsApp`, with a text to send to somebody whom one chooses there.
pub(super) fn whatsapp(text: &str) -> String {
    let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
    // A form's plus is a space, and elsewhere it is a plus.
    format!("https://wa.me/?text={}", encoded.replace('+', "%20"))
}

/// A page's whole address, where the site has one.
pub(super) fn whole(address: Option<&str>, path: &str) -> Option<String> {
    address.map(|address| for_page(&format!("{address}{path}")))
}
