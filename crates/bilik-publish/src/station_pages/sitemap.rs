//! Sitemaps (sitemaps.org), for search engines: a file for each province with the addresses of its pages, and one that names these files.
//!
//! An address in them is whole, so only a site that knows its own has them.

use super::links;
use bilik::format::{Code, Directory};
use std::fmt::Write as _;

/// A file names no more. The largest province has some 8,600 villages.
const MAX_ADDRESSES: usize = 50_000;

/// The villages of a regency that have a page.
pub(super) fn villages_with_pages(regency: Code, directory: &Directory) -> Vec<Code> {
    let districts = directory.districts.iter().filter(|district| district.stations.is_some());
    let codes = districts.flat_map(|district| {
        let code = regency.within(district.code);
        district.villages.iter().map(move |village| code.village(village.code))
    });
    codes.collect()
}

/// The pages of a province.
pub(super) fn of_province(address: &str, province: Code, villages: &[Code]) -> Vec<u8> {
    let pages = std::iter::once(links::province(province)).chain(villages.iter().map(|village| links::village(*village)));
    list("urlset", "url", address, pages.take(MAX_ADDRESSES))
}

/// The files of the provinces.
pub(super) fn index(address: &str, provinces: &[Code]) -> Vec<u8> {
    list("sitemapindex", "sitemap", address, provinces.iter().map(|province| links::sitemap_of(*province)))
}

fn list(root: &str, entry: &str, address: &str, paths: impl Iterator<Item = String>) -> Vec<u8> {
    // Of what XML escapes, an address that was parsed and the names of our files have nothing else.
    let address = address.replace('&', "&amp;");
    let mut xml =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for path in paths {
        // Writing to a string cannot fail.
        let _ = writeln!(xml, "<{entry}><loc>{address}{path}</loc></{entry}>");
    }
    let _ = writeln!(xml, "</{root}>");
    xml.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_has_more_addresses_than_allowed_and_each_is_escaped() {
        let village = Code::parse("3201012001").unwrap();
        let province = Code::parse("32").unwrap();
        let xml = String::from_utf8(of_province("https://a.example/x&y/", province, &vec![village; 60_000])).unwrap();
        assert_eq!(xml.matches("<loc>").count(), MAX_ADDRESSES);
        assert!(xml.contains("<url><loc>https://a.example/x&amp;y/tps/32.html</loc></url>\n"), "{}", &xml[..400]);
        assert!(xml.contains("<loc>https://a.example/x&amp;y/tps/3201/3201012001.html</loc>") && xml.ends_with("</urlset>\n"));
    }
}
