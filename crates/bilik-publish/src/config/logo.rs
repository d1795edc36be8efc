//! The organiser's logo: an SVG or a PNG by its content, small, and with nothing in it but the picture. A page shows it by `<img>`,
//! where no script of a picture runs; cleaned, it runs none where somebody opens it by its address either.

use crate::language::number_len;
use flate2::Crc;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Decoder, Reader};
use std::fmt::Write as _;

/// No logo is larger: it is loaded before anybody has touched the page.
pub(super) const MAX_LOGO: usize = 20 * 1024;
/// No picture is wider or higher, in pixels: a small file may unpack to a huge one.
const MAX_SIDE: u32 = 2_048;
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Chunks of a PNG that make the picture. Others say who made it, where and when.
const CHUNKS: [&[u8; 4]; 7] = [b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"sRGB", b"IDAT", b"IEND"];
const SVG_NAMESPACE: &str = "http://www.w3.org/2000/svg";
/// Elements of an SVG that draw. Others run scripts, fetch, lead elsewhere, or are an editor's own. CSS has too many ways to fetch
/// to be judged here, so no `<style>`: colours are attributes.
const ELEMENTS: [&str; 20] = [
    "circle",
    "clipPath",
    "defs",
    "desc",
    "ellipse",
    "g",
    "line",
    "linearGradient",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "svg",
    "symbol",
    "title",
    "use",
];

/// A logo that is safe to serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// Its file's name in a site.
    pub path: &'static str,
    /// Its content, cleaned.
    pub bytes: Vec<u8>,
}

impl Logo {
    /// Reads one. The error says what is wrong with it.
    pub(super) fn clean(bytes: &[u8]) -> Result<Self, String> {
        if bytes.len() > MAX_LOGO {
            return Err(tr::tr!("the logo has {} bytes", number_len(bytes.len())));
        }
        if let Some(chunks) = bytes.strip_prefix(PNG) {
            return Ok(Self {
                path: "logo.png",
                bytes: clean_png(chunks).ok_or_else(|| tr::tr!("the logo is a damaged or too large PNG"))?,
            });
        }
        let text = std::str::from_utf8(bytes).map_err(|_| tr::tr!("the logo is neither an SVG nor a PNG"))?;
        Ok(Self { path: "logo.svg", bytes: clean_svg(text)?.into_bytes() })
    }
}

/// The chunks that make the picture, in their order: length, type, data and checksum of each.
fn clean_png(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut clean = PNG.to_vec();
    let mut is_first = true;
    loop {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (chunk, end) = rest.split_at_checked(length.checked_add(12)?)?;
        let (kind, _) = after.split_first_chunk::<4>()?;
        let (checked, checksum) = after.get(..length.checked_add(8)?)?.split_last_chunk::<4>()?;
        let mut crc = Crc::new();
        crc.update(checked);
        if crc.sum() != u32::from_be_bytes(*checksum) || is_first != (kind == b"IHDR") {
            return None;
        }
        if is_first {
            let sides = checked.get(4..12)?;
            let (width, height) = sides.split_first_chunk::<4>()?;
            let sides = [u32::from_be_bytes(*width), u32::from_be_bytes(*height.first_chunk()?)];
            if !sides.iter().all(|side| (1..=MAX_SIDE).contains(side)) {
                return None;
            }
        }
        is_first = false;
        if CHUNKS.contains(&kind) {
            clean.extend_from_slice(chunk);
        }
        if kind == b"IEND" {
            return Some(clean);
        }
        rest = end;
    }
}

/// The elements and attributes that draw, written anew.
fn clean_svg(text: &str) -> Result<String, String> {
    let broken = |error: &dyn std::fmt::Display| tr::tr!("the logo is neither a PNG nor an SVG that can be read: {}", error);
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    reader.config_mut().expand_empty_elements = true;
    let mut clean = String::new();
    // Of the elements that are open; and how many of them are dropped.
    let (mut depth, mut dropped) = (0_usize, 0_usize);
    loop {
        match reader.read_event().map_err(|error| broken(&error))? {
            Event::Start(element) => {
                let name = String::from_utf8_lossy(element.name().as_ref()).into_owned();
                if depth == 0 && (name != "svg" || !clean.is_empty()) {
                    return Err(tr::tr!("the logo is neither an SVG nor a PNG: it begins with <{}>", name.escape_debug()));
                }
                depth += 1;
                if dropped > 0 || !ELEMENTS.contains(&name.as_str()) {
                    dropped += 1;
                    continue;
                }
                let _ = write!(
                    clean,
                    "<{name}{}>",
                    attributes(&element, depth == 1, reader.decoder()).map_err(|error| broken(&error))?
                );
            }
            Event::End(element) => {
                depth -= 1;
                if dropped > 0 {
                    dropped -= 1;
                } else {
                    let _ = write!(clean, "</{}>", String::from_utf8_lossy(element.name().as_ref()));
                }
            }
            Event::Text(text) if depth > 0 && dropped == 0 => {
                let text = text.unescape().map_err(|error| broken(&error))?;
                clean.push_str(&escape(text.as_ref()));
            }
            Event::CData(data) if depth > 0 && dropped == 0 => clean.push_str(&escape(String::from_utf8_lossy(&data).as_ref())),
            Event::Eof if depth == 0 && !clean.is_empty() => return Ok(clean),
            Event::Eof => return Err(broken(&tr::tr!("it ends too early"))),
            // What is said outside of elements, comments, and instructions to programs.
            _ => {}
        }
    }
}

/// The attributes that draw; those of the root with the one namespace that there is.
fn attributes(element: &BytesStart, is_root: bool, decoder: Decoder) -> Result<String, quick_xml::Error> {
    let mut clean = if is_root { format!(" xmlns=\"{SVG_NAMESPACE}\"") } else { String::new() };
    for attribute in element.attributes() {
        let attribute = attribute?;
        let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        let value = attribute.decode_and_unescape_value(decoder)?;
        let is_link = key == "href" || key == "xlink:href";
        let draws = if is_link { value.starts_with('#') } else { is_plain(&key) && stays_inside(&value) };
        if draws {
            let _ = write!(clean, " {}=\"{}\"", key.trim_start_matches("xlink:"), escape(value.as_ref()));
        }
    }
    Ok(clean)
}

/// Whether an attribute is none of an editor's, no namespace, no script, and no CSS.
fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && key != "style"
        && !key.starts_with("on")
        && !key.starts_with("xmlns")
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Whether an attribute fetches nothing: every `url()` is of the picture itself. An escape could hide another.
fn stays_inside(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    !["\\", "script:", "image(", "image-set(", "src("].iter().any(|part| lower.contains(part))
        && lower.split("url(").skip(1).all(|url| url.trim_start_matches(['"', '\'', ' ']).starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ICON: &[u8] = include_bytes!("../../../../www/icons/180.png");

    fn svg(text: &str) -> String {
        String::from_utf8(Logo::clean(text.as_bytes()).unwrap().bytes).unwrap()
    }

    fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
        let mut crc = Crc::new();
        crc.update(&kind);
        crc.update(data);
        let length = u32::try_from(data.len()).unwrap();
        [&length.to_be_bytes(), &kind[..], data, &crc.sum().to_be_bytes()].concat()
    }

    #[test]
    fn what_draws_stays_and_what_runs_or_fetches_goes() {
        let text = r##"<?xml version="1.0"?><!DOCTYPE svg><!-- by somebody -->
            <svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:sodipodi="x" viewBox="0 0 9 9"
              onload="alert(1)" sodipodi:docname="/home/somebody/logo.svg"><script>alert(1)</script><style>.a{fill:#fff}</style>
              <style>@import "https://spy.example/";</style><metadata>somebody</metadata>
              <foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></body></foreignObject>
              <a xlink:href="javascript:alert(1)"><path d="M1 1"/></a><g id="g"><path class="a" d="M0 0h9" fill="url(#paint)" onclick='x()'/></g>
              <rect fill="URL( 'https://spy.example/')" style="fill:u\72l(x)"/><use xlink:href="#g"/><use href="https://spy.example/#g"/>
              <image href="https://spy.example/"/><title>A &amp; B</title></svg>"##;
        let clean = svg(text);
        for gone in ["script", "alert", "spy", "somebody", "foreign", "on", "<a", "image", "xlink", "style", "<!", "<?", "\\"] {
            assert!(!clean.replace("icon", "").contains(gone), "{gone}: {clean}");
        }
        for stays in [
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">"#,
            "<path class=\"a\" d=\"M0 0h9\" fill=\"url(#paint)\"></path>",
            "<rect></rect><use href=\"#g\"></use>",
            "<title>A &amp; B</title>",
        ] {
            assert!(clean.replace(['\n'], "").replace("  ", "").contains(&stays.replace("  ", "")), "{stays}: {clean}");
        }
        assert_eq!(svg(&clean), clean, "what is clean stays as it is");
    }

    #[test]
    fn css_goes_however_it_is_hidden() {
        for css in [
            r#"<style><x/>@import "https://spy.example/";</style>"#,
            r#"<style>@imp<!---->ort "https://spy.example/";</style>"#,
            r#"<style>@imp<![CDATA[ort "https://spy.example/"]]></style>"#,
            r#"<style><style/>a{fill:image-set("https://spy.example/")}</style>"#,
            r#"<path style="fill:red;mask:image-set('https://spy.example/' 1x)"/>"#,
            r#"<path cursor="image-set('https://spy.example/' 1x)" mask="src('https://spy.example/')"/>"#,
        ] {
            let clean = svg(&format!(r#"<svg>{css}<path fill="red"/></svg>"#));
            assert!(!clean.contains("spy") && !clean.contains("style"), "{css}: {clean}");
            assert!(clean.ends_with(r#"<path fill="red"></path></svg>"#), "{css}: {clean}");
        }
    }

    #[test]
    fn a_png_keeps_its_picture_and_says_nothing_of_who_made_it() {
        let (start, end) = ICON.split_at(ICON.len() - 12);
        let signed = [start, &chunk(*b"tEXt", b"Author\0somebody"), end].concat();
        let logo = Logo::clean(&signed).unwrap();
        assert_eq!((logo.path, logo.bytes.as_slice()), ("logo.png", Logo::clean(ICON).unwrap().bytes.as_slice()));
        assert!(!String::from_utf8_lossy(&logo.bytes).contains("somebody"));
    }

    #[test]
    fn what_is_no_small_picture_is_refused() {
        let mut flipped = ICON.to_vec();
        flipped[40] ^= 1;
        let header = [&9_999_u32.to_be_bytes()[..], &9_u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
        let huge = [PNG, &chunk(*b"IHDR", &header), &chunk(*b"IEND", &[])].concat();
        let long = format!("<svg>{}</svg>", " ".repeat(MAX_LOGO));
        let cases: [&[u8]; 10] = [
            b"",
            b"GIF89a",
            b"<html><svg/></html>",
            b"<svg>",
            b"<svg/><svg/>",
            b"<svg>&unknown;</svg>",
            b"<svg><g></svg>",
            &flipped,
            &huge,
            long.as_bytes(),
        ];
        for case in cases {
            assert!(Logo::clean(case).is_err(), "{:?}", String::from_utf8_lossy(case.get(..40).unwrap_or(case)));
        }
        assert!(Logo::clean(ICON.get(..500).unwrap()).is_err());
    }
}
