//! A map of equal tiles: regions near their places, each in a cell of its own.
//!
//! A point goes to the free cell that is nearest to it, the most crowded points first. Then tiles change places as long as that
//! brings them nearer to their points in total (squared distances). Of 514 regencies this takes some milliseconds.

use crate::number::float_len;

/// Cells for each point, so that seas stay visible.
const CELLS_PER_POINT: f64 = 1.9;
/// Of more points, the plot has seas; of fewer, tiles are large and lie close.
const MAX_CLOSE: usize = 24;
/// Of so few points, tiles are large enough for names if they lie in a block.
const MAX_LARGE: usize = 9;
const LARGE_RATIO: f64 = 1.5;
/// Width by height.
const RATIOS: [f64; 2] = [0.8, 2.9];
/// Rounds of exchanges.
const MAX_ROUNDS: usize = 24;

/// Where each point lies.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TileGrid {
    pub columns: f64,
    pub rows: f64,
    /// Column and row of each point, in the order of the points.
    pub cells: Vec<[f64; 2]>,
    /// Whether they follow from coordinates.
    pub is_map: bool,
}

type Place = [f64; 2];

impl TileGrid {
    /// Of latitudes and longitudes. Where fewer than half have them, tiles lie in their order. Points without them follow below.
    pub(super) fn of(points: &[Option<(f64, f64)>]) -> Self {
        let known: Vec<(usize, Place)> =
            points.iter().enumerate().filter_map(|(at, point)| Some((at, flat((*point)?)))).collect();
        let placed = known.len() * 2 >= points.len() && known.len() > 1;
        let (mut columns, mut rows) = if placed { size(&known) } else { (columns_of(float_len(points.len()), 1.6), 0.0) };
        let mut cells = vec![None; points.len()];
        if placed {
            let wanted = wanted(&known, columns, rows);
            for ((at, _), cell) in known.iter().zip(assign(&wanted, columns, rows)) {
                if let Some(place) = cells.get_mut(*at) {
                    *place = Some(cell);
                }
            }
        }
        columns = columns.max(1.0);
        let mut next = [0.0, rows];
        let cells = cells.into_iter().map(|cell| {
            cell.unwrap_or_else(|| {
                let free = next;
                next = if free[0] + 1.0 < columns { [free[0] + 1.0, free[1]] } else { [0.0, free[1] + 1.0] };
                rows = free[1] + 1.0;
                free
            })
        });
        let cells = cells.collect();
        Self { columns, rows, cells, is_map: placed }
    }
}

/// Near the equator a degree is as long in both directions; further away the middle latitude says how long.
fn flat((latitude, longitude): (f64, f64)) -> Place {
    [longitude, -latitude]
}

fn columns_of(cells: f64, ratio: f64) -> f64 {
    (cells * ratio).sqrt().ceil()
}

fn bounds(points: &[(usize, Place)]) -> [Place; 2] {
    let of = |axis: fn(&Place) -> f64| {
        let values = || points.iter().map(|(_, place)| axis(place));
        [values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max)]
    };
    [of(|[x, _]| *x), of(|[_, y]| *y)]
}

/// Columns and rows with room for all.
fn size(points: &[(usize, Place)]) -> (f64, f64) {
    let [[left, right], [top, bottom]] = bounds(points);
    let ratio = if bottom > top { (right - left) / (bottom - top) } else { RATIOS[1] };
    let count = float_len(points.len());
    let cells = if points.len() > MAX_CLOSE { count * CELLS_PER_POINT } else { count };
    let widest = if points.len() > MAX_LARGE { RATIOS[1] } else { LARGE_RATIO };
    let columns = columns_of(cells, ratio.clamp(RATIOS[0], widest));
    (columns, (cells / columns).ceil())
}

/// Where each point would lie if there were room.
fn wanted(points: &[(usize, Place)], columns: f64, rows: f64) -> Vec<Place> {
    let [x, y] = bounds(points);
    let scaled =
        |value: f64, [from, to]: Place, cells: f64| if to > from { (value - from) / (to - from) * (cells - 1.0) } else { 0.0 };
    points.iter().map(|(_, place)| [scaled(place[0], x, columns), scaled(place[1], y, rows)]).collect()
}

fn distance(a: Place, b: Place) -> f64 {
    (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)
}

fn assign(wanted: &[Place], columns: f64, rows: f64) -> Vec<Place> {
    let steps = |count: f64| std::iter::successors(Some(0.0), |step| Some(step + 1.0)).take_while(move |step| *step < count);
    let mut free: Vec<Place> = steps(rows).flat_map(|row| steps(columns).map(move |column| [column, row])).collect();
    let crowd = |at: &Place| wanted.iter().filter(|other| distance(*at, **other) < 4.0).count();
    let mut order: Vec<(usize, Place)> = wanted.iter().copied().enumerate().collect();
    order.sort_by_cached_key(|(at, place)| (std::cmp::Reverse(crowd(place)), *at));
    let mut cells = vec![[0.0, 0.0]; wanted.len()];
    for (at, place) in order {
        let nearest = (0..free.len()).zip(&free).min_by(|(_, a), (_, b)| distance(**a, place).total_cmp(&distance(**b, place)));
        let Some((nearest, _)) = nearest else { break };
        if let Some(cell) = cells.get_mut(at) {
            *cell = free.swap_remove(nearest);
        }
    }
    for _ in 0..MAX_ROUNDS {
        if !exchange(&mut cells, &mut free, wanted) {
            break;
        }
    }
    cells
}

/// Exchanges two tiles, or a tile and a free cell, wherever that brings tiles nearer to their points. Whether it did.
fn exchange(cells: &mut [Place], free: &mut [Place], wanted: &[Place]) -> bool {
    let mut is_better = false;
    for (at, own) in wanted.iter().enumerate() {
        let Some((cell, later)) = cells.get_mut(at..).and_then(<[Place]>::split_first_mut) else { break };
        let others = later.iter_mut().zip(wanted.iter().skip(at + 1).map(Some));
        for (other, place) in others.chain(free.iter_mut().map(|other| (other, None))) {
            let far = |a: Place, b: Place| distance(a, *own) + place.map_or(0.0, |place| distance(b, *place));
            if far(*other, *cell) + 1e-9 < far(*cell, *other) {
                std::mem::swap(cell, other);
                is_better = true;
            }
        }
    }
    is_better
}

#[cfg(test)]
mod tests {
    use super::*;

    fn distinct(grid: &TileGrid) {
        let inside = |cell: &Place| (0.0..grid.columns).contains(&cell[0]) && (0.0..grid.rows).contains(&cell[1]);
        assert!(grid.cells.iter().all(inside), "{grid:?}");
        let mut cells: Vec<String> = grid.cells.iter().map(|cell| format!("{cell:?}")).collect();
        cells.sort_unstable();
        cells.dedup();
        assert_eq!(cells.len(), grid.cells.len(), "each point has a cell of its own");
    }

    #[test]
    fn four_corners_lie_in_their_corners() {
        let grid = TileGrid::of(&[Some((-8.0, 140.0)), Some((5.0, 95.0)), Some((-8.0, 95.0)), Some((5.0, 140.0))]);
        assert!(grid.is_map);
        distinct(&grid);
        let [south_east, north_west, south_west, north_east] = grid.cells[..] else { panic!("{grid:?}") };
        assert!(south_east[0] > south_west[0] && south_east[1] >= north_east[1]);
        assert!(north_east[0] > north_west[0] && south_west[1] >= north_west[1]);
    }

    #[test]
    fn many_points_in_one_place_spread_around_it() {
        let mut points = vec![Some((-6.2, 106.8)); 120];
        points.extend((0..394).map(|n| Some((-8.0 + f64::from(n % 17), 95.0 + f64::from(n % 47)))));
        let grid = TileGrid::of(&points);
        distinct(&grid);
        let near = |n: usize| grid.cells[..n].iter().map(|cell| cell[0]).sum::<f64>() / float_len(n);
        assert!((near(120) / grid.columns - 0.26).abs() < 0.1, "they stay in the west");
    }

    #[test]
    fn without_coordinates_tiles_lie_in_their_order() {
        let grid = TileGrid::of(&[None, None, Some((1.0, 1.0)), None, None]);
        assert!(!grid.is_map);
        distinct(&grid);
        assert_eq!(grid.cells[..2], [[0.0, 0.0], [1.0, 0.0]]);
        assert_eq!(TileGrid::of(&[]).cells.len(), 0);
        // One that is not known follows the map.
        let grid = TileGrid::of(&[Some((1.0, 1.0)), None, Some((2.0, 2.0)), Some((3.0, 9.0))]);
        distinct(&grid);
        assert!((grid.cells[1][1] - (grid.rows - 1.0)).abs() < 1e-9);
    }
}
