//! `contacts.csv`: whom the voters of a region can ask.

use super::{BILIK, ELECTION, REGIONS};
use bilik::format::{Code, Contact};
use bilik_publish::problem::ProblemKind;
use bilik_testkit::Folder;

fn folder(lines: &str) -> Folder {
    Folder::with("contacts.csv", format!("region,phone,url\n{lines}"))
}

fn contact(phone: Option<&str>, url: Option<&str>) -> Contact {
    Contact { phone: phone.map(str::to_owned), url: url.map(str::to_owned) }
}

#[test]
fn a_regency_has_its_own_values_and_its_province_s_where_it_has_none() {
    let lines = "32,021-555 0100,https://jabar.example/\n32.01,0251-555 0100,\n9902,,http://belanda.example\n";
    let regions = format!("{REGIONS}32.02,Sukabumi\n99,Luar Negeri\n9901,Malaysia\n9902,Belanda\n");
    let folder = folder(lines).and("regions.csv", regions);
    folder.check().assert_clean();
    let contacts = folder.input().contacts;
    let of = |code| contacts.of(Code::regency(code).unwrap());
    assert_eq!(of(3201), Some(contact(Some("0251-555 0100"), Some("https://jabar.example/"))));
    assert_eq!(of(3202), Some(contact(Some("021-555 0100"), Some("https://jabar.example/"))));
    assert_eq!(of(9902), Some(contact(None, Some("http://belanda.example/"))));
    assert_eq!(of(9901), None);
    assert_eq!(Folder::new().input().contacts.of(Code::regency(3201).unwrap()), None);
}

#[test]
fn a_telephone_number_has_at_most_100_characters() {
    folder(&format!("3201,{},\n", "1".repeat(100))).check().assert_clean();
    let outcome = folder(&format!("3201,{},\n", "1".repeat(101))).check();
    assert_eq!(outcome.places(), [(ProblemKind::BadContact, 2, "phone".to_owned())], "{}", outcome.report);
}

#[test]
fn a_faulty_line_of_the_contacts_is_rejected() {
    let lines = "3201,0251,\n32.01,0252,\n33,021,\n320101,021,\n320,021,\n32,,\n,021,\n32,belum ada,kpu.example\n";
    let folder = folder(lines);
    let outcome = folder.check();
    let mut places = outcome.places();
    places.sort_by(|a, b| (a.1, &a.2).cmp(&(b.1, &b.2)));
    let expected = [
        (ProblemKind::DuplicateRegion, 3, "region"),
        (ProblemKind::UnknownRegion, 4, "region"),
        (ProblemKind::BadCode, 5, "region"),
        (ProblemKind::BadCode, 6, "region"),
        (ProblemKind::BadContact, 7, "phone"),
        (ProblemKind::MissingField, 8, "region"),
        (ProblemKind::BadContact, 9, "phone"),
        (ProblemKind::DuplicateRegion, 9, "region"),
        (ProblemKind::BadContact, 9, "url"),
    ];
    assert_eq!(places, expected.map(|(kind, line, column)| (kind, line, column.to_owned())), "{}", outcome.report);
    assert_eq!(outcome.report.rejected(), 7);
    assert!(folder.read("rejects.csv").contains("contacts.csv,7,bad_contact,"), "{}", folder.read("rejects.csv"));
}

#[test]
fn the_file_and_its_columns_can_be_mapped_and_a_plan_remembers_it() {
    let mapped = format!(
        "{ELECTION}[input]\ncontacts = \"bantuan.csv\"\n[input.columns.contacts]\nregion = \"KODE\"\nphone = \"TELEPON\"\n\
         [tables]\nmin_voters = 1\n"
    );
    let folder = Folder::with("election.toml", mapped).and("bantuan.csv", "kode;telepon\n3201;0251\n");
    assert_eq!(folder.input().contacts.of(Code::regency(3201).unwrap()), Some(contact(Some("0251"), None)));
    let work = folder.path().join("work");
    BILIK.run(&[&"plan", &folder.path(), &"--work", &work]).exits_with(0);
    folder.put("bantuan.csv", "kode;telepon\n3201;0252\n");
    let changed = BILIK.run(&[&"plan", &folder.path(), &"--work", &work]).exits_with(2);
    assert!(changed.err.contains("contacts: changed after the plan was made"), "{changed:?}");
}
