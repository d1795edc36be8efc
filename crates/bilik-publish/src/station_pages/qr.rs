//! The QR code of an address, as a path in an SVG.

use fast_qr::{ECL, QRBuilder};
use serde::Serialize;
use std::fmt::Write as _;

/// The light border that scanners need, in modules.
const MARGIN: usize = 4;

/// A QR code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct QrCode {
    /// Its width and height in modules, with the margin.
    pub(super) side: usize,
    /// Lines of the width of one module: digits and the letters of SVG's commands.
    pub(super) path: String,
}

impl QrCode {
    /// Nothing for an address that is too long for one.
    pub(super) fn of(address: &str) -> Option<Self> {
        let code = QRBuilder::new(address).ecl(ECL::M).build().ok()?;
        let mut path = String::new();
        // Where the pen is, in modules.
        let (mut x, mut y) = (0, 0);
        for (row, modules) in (MARGIN..).zip(code.data.chunks(code.size).take(code.size)) {
            let mut column = MARGIN;
            for run in modules.chunk_by(|a, b| a.value() == b.value()) {
                if run.first().is_some_and(|module| module.value()) {
                    let _ = write!(path, "m{} {}h{}", signed(column) - signed(x), row - y, run.len());
                    (x, y) = (column + run.len(), row);
                }
                column += run.len();
            }
        }
        Some(Self { side: code.size + 2 * MARGIN, path })
    }
}

fn signed(at: usize) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Draws the path as a browser does, some pixels for each module.
    fn drawn(code: &QrCode, scale: usize) -> Vec<Vec<bool>> {
        let side = code.side * scale;
        let mut picture = vec![vec![false; side]; side];
        let (mut x, mut y) = (0_i64, 0_i64);
        for step in code.path.split('m').skip(1) {
            let (to, line) = step.split_once('h').unwrap();
            let (dx, dy) = to.split_once(' ').unwrap();
            (x, y) = (x + dx.parse::<i64>().unwrap(), y + dy.parse::<i64>().unwrap());
            let end = x + line.parse::<i64>().unwrap();
            for column in x..end {
                for (dx, dy) in (0..scale).flat_map(|dx| (0..scale).map(move |dy| (dx, dy))) {
                    picture[usize::try_from(y).unwrap() * scale + dy][usize::try_from(column).unwrap() * scale + dx] = true;
                }
            }
            x = end;
        }
        picture
    }

    #[test]
    fn another_program_reads_the_address_back() {
        for address in [
            "https://tps.example/tps/3201/3201012001.html",
            "http://a.example/",
            "https://pemilu.kabupaten-yang-panjang-namanya.example/pemilihan/2029/gubernur/tps/9103/9103012001.html",
        ] {
            let code = QrCode::of(address).unwrap();
            let picture = drawn(&code, 4);
            let mut image =
                rqrr::PreparedImage::prepare_from_greyscale(
                    picture.len(),
                    picture.len(),
                    |x, y| if picture[y][x] { 0 } else { 255 },
                );
            let grids = image.detect_grids();
            assert_eq!(grids.len(), 1, "{address}");
            assert_eq!(grids[0].decode().unwrap().1, address);
        }
    }

    #[test]
    fn the_margin_stays_light_and_a_text_that_is_too_long_has_no_code() {
        let code = QrCode::of("https://tps.example/").unwrap();
        let picture = drawn(&code, 1);
        let is_margin = |at: usize| at < MARGIN || at >= code.side - MARGIN;
        for (y, row) in picture.iter().enumerate() {
            assert!(row.iter().enumerate().all(|(x, dark)| !(*dark && (is_margin(x) || is_margin(y)))), "row {y}");
        }
        assert_eq!(QrCode::of(&"a".repeat(4_000)), None);
    }
}
