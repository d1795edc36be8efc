//! Whom the voters of a regency can ask: in each answer, on the pages without script, and after a patch.

use crate::{BILIK, bilik, declared_types};
use bilik_testkit::{Election, Operator};
use serde_json::{Value, json};
use std::fs;

const BUDI: [&str; 4] = ["--nik", "390101120190", "--name", "Budi Santoso"];

/// Two regencies of a province, and one of another.
fn operator() -> Operator {
    let election = Election::of_stations(&["3901012001001", "3901012001002", "3902012001001", "4001012001001"])
        .settings("help_phone = \"0800\"\n[tables]\nmin_voters = 1\n")
        .with("contacts.csv", "region,phone,url\n39,0391,https://provinsi.example/\n3902,0392,\n")
        .voters(
            "3901011201900001,Budi Santoso,3901012001001,\n\
             3901011301900001,Dewi Lestari,3902012001001,3901012001\n\
             3901011401900001,Joko Wijaya,3901012001001,\n\
             3901011401900002,Joko Wijaya,3902012001001,\n\
             3901011501900001,Rudi Hartono,4001012001001,3901012001\n",
        );
    let operator = election.operator(BILIK);
    operator.build();
    operator
}

#[track_caller]
fn found(operator: &Operator, args: &[&str]) -> Value {
    let more: Vec<&dyn AsRef<std::ffi::OsStr>> = args.iter().map(|arg| arg as &dyn AsRef<std::ffi::OsStr>).collect();
    let value = operator.run_find(&[&more[..], &[&"--json"]].concat()).json();
    declared_types::check(&value, "Outcome").unwrap();
    value
}

#[test]
fn an_answer_names_the_contact_of_the_station_s_regency_else_of_the_digits() {
    let operator = operator();
    let first = json!({ "regency": "Contoh 3901", "helpPhone": "0391", "helpUrl": "https://provinsi.example/" });
    let second = json!({ "regency": "Contoh 3902", "helpPhone": "0392", "helpUrl": "https://provinsi.example/" });
    let budi = found(&operator, &BUDI);
    assert_eq!((&budi["outcome"], &budi["help"]), (&"found".into(), &first));
    let dewi = found(&operator, &["--nik", "390101130190", "--name", "Dewi Lestari"]);
    assert_eq!((&dewi["outcome"], &dewi["help"]), (&"found".into(), &second));
    // Of two regencies nobody knows which; and where the station's has none, another one's would be wrong.
    let joko = found(&operator, &["--nik", "390101140190", "--name", "Joko Wijaya"]);
    assert_eq!((&joko["outcome"], &joko["help"]), (&"ambiguous".into(), &first));
    let rudi = found(&operator, &["--nik", "390101150190", "--name", "Rudi Hartono"]);
    assert_eq!((&rudi["outcome"], &rudi["help"]), (&"found".into(), &Value::Null));
    let nobody = found(&operator, &["--nik", "390101120190", "--name", "Rekaan", "--village", "3901012001"]);
    assert_eq!((&nobody["outcome"], &nobody["help"]), (&"not_found".into(), &first));
    let needed = found(&operator, &["--nik", "390101120190", "--name", "Rekaan"]);
    assert_eq!((&needed["outcome"], &needed["help"]), (&"village_needed".into(), &first));
    assert_eq!(rudi["election"]["helpPhone"], "0800");
}

fn page(operator: &Operator, path: &str) -> String {
    fs::read_to_string(operator.site().join(path)).unwrap()
}

#[test]
fn pages_without_script_call_one_number_and_never_two_at_once() {
    let phone = "021-1234567 / 0812-0000-1111";
    let operator = Election::of_stations(&["3901012001001", "4001012001001"])
        .settings(&format!("help_phone = \"{phone}\"\n"))
        .with("contacts.csv", "region,phone,url\n39,0391 (24 jam),\n")
        .voters("3901011201900001,Budi Santoso,3901012001001,\n")
        .operator(BILIK);
    operator.build();
    let shown = "021-1234567 &#x2f; 0812-0000-1111</span>";
    for (path, shown) in [
        ("index.html", shown),
        ("privacy.html", shown),
        ("privacy.en.html", shown),
        ("tps/index.html", shown),
        ("tps/39.html", shown),
        ("tps/4001/4001012001.html", shown),
        ("tps/3901/3901012001.html", "0391 (24 jam)</span>"),
    ] {
        let html = page(&operator, path);
        assert!(html.contains(shown) && !html.contains("tel:"), "{path}: {html}");
    }
}

#[test]
fn pages_without_script_say_it_and_a_patch_changes_it() {
    let operator = operator();
    let [first, second, other] = ["tps/3901/3901012001.html", "tps/3902/3902012001.html", "tps/4001/4001012001.html"];
    for (path, phone, is_linked) in [(first, "0391", true), (second, "0392", true), (other, "0800", false)] {
        let html = page(&operator, path);
        assert!(html.contains(&format!("<a href=\"tel:{phone}\" translate=\"no\">{phone}</a>")), "{path}: {html}");
        assert!(html.contains(&format!("Telepon bantuan: <span translate=\"no\">{phone}</span>")), "{path}: {html}");
        assert_eq!(html.contains("href=\"https:&#x2f;&#x2f;provinsi.example&#x2f;\""), is_linked, "{path}: {html}");
    }
    let before = [first, other].map(|path| page(&operator, path));
    fs::write(operator.election().join("contacts.csv"), "region,phone,url\n39,0391,https://provinsi.example/\n3902,0393,\n")
        .unwrap();
    let (election, key, site) = (operator.election(), operator.key(), operator.site());
    let patch: [&dyn AsRef<std::ffi::OsStr>; 6] = [&"patch", &election, &"--key", &key, &"--out", &site];
    let patched = bilik(&[&patch[..], &[&"--json"]].concat()).exits_with(0).json();
    assert_eq!((&patched["contacts"], &patched["changes"]), (&json!(["3902"]), &json!([])), "{patched:#}");
    assert!(page(&operator, second).contains("tel:0393"));
    assert_eq!([first, other].map(|path| page(&operator, path)), before);
    operator.run_verify(&[]).exits_with(0);
    let dewi = found(&operator, &["--nik", "390101130190", "--name", "Dewi Lestari"]);
    assert_eq!(dewi["help"]["helpPhone"], "0393");
    assert_eq!(patched["contactsRemoved"], json!([]), "{patched:#}");
    // The same again changes nothing; the file without a line says that the election's number holds everywhere.
    let again = bilik(&patch).exits_with(0);
    assert!(again.err.contains("nothing to change") || again.out.contains("nothing to change"), "{again:?}");
    let before = fs::read(site.join("head.bilik")).unwrap();
    // A machine without the file does not say so.
    let contacts = operator.election().join("contacts.csv");
    fs::remove_file(&contacts).unwrap();
    let refused = bilik(&patch).exits_with(2);
    assert!(refused.err.contains("contact for regency 3901") && refused.err.contains("no contacts.csv"), "{refused:?}");
    assert!(fs::read(site.join("head.bilik")).unwrap() == before && page(&operator, first).contains("tel:0391"));
    fs::write(&contacts, "region,phone,url\n").unwrap();
    let said = bilik(&patch).exits_with(0);
    assert!(["3901", "3902"].iter().all(|code| said.out.contains(&format!("regency {code}: contact removed"))), "{said:?}");
    assert_eq!(found(&operator, &BUDI)["help"], Value::Null);
    assert!(page(&operator, first).contains("tel:0800"));
    operator.run_verify(&[]).exits_with(0);
}
