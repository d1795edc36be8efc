//! Columns of the stations file that say how people find the station, get in and vote.

use super::STATIONS;
use bilik::format::AccessDetail::{Help, Level, Parking, Ramp};
use bilik_publish::problem::ProblemKind;
use bilik_testkit::Folder;

#[test]
fn a_landmark_and_details_of_the_access_are_read_and_what_is_unclear_is_told() {
    let header = STATIONS.replacen("lon\n", "lon,help,parking,level,ramp,landmark\n", 1);
    let stations = format!(
        "{header}X1,3201012001,9,,,,,ya,tidak,,Ada,Di belakang  masjid\nX2,3201012001,8,,,,,mungkin,,,,\nX3,3201012002,7,,,,,1,1,1,1, \n"
    );
    let folder = Folder::with("stations.csv", stations);
    let outcome = folder.check();
    assert_eq!(outcome.places(), [(ProblemKind::UnclearAccessible, 8, "help".to_owned())], "{}", outcome.report);
    let input = folder.input();
    let station = |id| &input.stations.rows()[usize::try_from(input.stations.by_id(id).unwrap()).unwrap()].station;
    assert_eq!((&station("X1").access, station("X1").landmark.as_deref()), (&vec![Ramp, Help], Some("Di belakang masjid")));
    assert_eq!((&station("X2").access, station("X2").landmark.as_deref()), (&vec![], None));
    assert_eq!((&station("X3").access, station("X3").landmark.as_deref()), (&vec![Ramp, Level, Parking, Help], None));
    assert_eq!((&station("A1").access, station("A1").landmark.as_deref()), (&vec![], None));
}
