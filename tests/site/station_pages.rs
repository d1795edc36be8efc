//! The pages of villages and stations: what they say, that nothing in them is taken for HTML, and that they follow the lists.

use crate::{BILIK, bilik, small};
use bilik_testkit::{Election, Operator, copy_folder, tree};
use std::fs;
use std::path::PathBuf;

const VILLAGE: &str = "tps/3901/3901012001.html";

fn page(operator: &Operator, path: &str) -> String {
    fs::read_to_string(operator.site().join(path)).unwrap()
}

fn pages(operator: &Operator) -> Vec<PathBuf> {
    let all = tree(&operator.site()).into_iter().filter(|(_, (_, bytes))| bytes.is_some()).map(|(path, _)| path);
    all.filter(|path| path.starts_with("tps")).collect()
}

fn built(election: Election) -> Operator {
    let election = election.voters("3901011201900001,Budi Santoso,3901012001001,\n");
    let operator = election.operator(BILIK);
    operator.build();
    operator
}

/// Two villages of a district, and settings below `[site]`.
fn with_site(lines: &str) -> Operator {
    let ids = ["3901012001001", "3901012001012", "3901012002001"];
    let tables = format!("[tables]\nmin_voters = 1\n[site]\n{lines}");
    built(Election::of_stations(&ids).settings(&tables))
}

#[test]
fn a_village_has_its_stations_on_one_page_and_the_way_there_needs_no_script() {
    let operator = with_site("address = \"https://tps.example/pemilu\"\n");
    let paths: Vec<String> = pages(&operator).iter().map(|path| path.display().to_string()).collect();
    let expected = ["tps/39.html", "tps/39.xml", VILLAGE, "tps/3901/3901012002.html", "tps/index.html", "tps/sitemap.xml"];
    assert_eq!(paths, expected);
    let village = page(&operator, VILLAGE);
    for part in [
        "<li id=\"1\">",
        "<li id=\"12\">",
        "<a href=\"#12\"><span>TPS</span> 12</a>",
        "<bdi>Balai Contoh</bdi>",
        "Rabu, 14 Februari 2029, pukul <span translate=\"no\">07.00–13.00 WIB</span>",
        "Wednesday, 14 February 2029, <span translate=\"no\">07:00–13:00 WIB</span>",
        "<h1 translate=\"no\"><bdi>Desa Contoh 3901012001</bdi></h1>",
        "3901012002.html\"><bdi>Contoh 3901012002</bdi></a>",
        "<meta property=\"og:url\" content=\"https:&#x2f;&#x2f;tps.example&#x2f;pemilu&#x2f;tps&#x2f;3901&#x2f;3901012001.html\">",
        "https:&#x2f;&#x2f;wa.me&#x2f;?text=Daftar%20TPS%20Desa%20Contoh%203901012001",
        "destination=-6.4,106.8",
        "<svg viewBox=\"0 -.5 ",
        "script-src &#x27;none&#x27;",
    ] {
        assert!(village.contains(part), "{part}: {village}");
    }
    assert!(!village.contains("<script") && !village.contains("Budi"));
    // From the page that needs a script, down to the village, by links alone.
    assert!(page(&operator, "index.html").contains("href=\"tps&#x2f;index.html\""));
    assert!(page(&operator, "tps/index.html").contains("href=\"39.html\""));
    assert!(page(&operator, "tps/39.html").contains("href=\"3901/3901012001.html#sekitar\""));
    let verified = operator.run_verify(&[]).exits_with(0).out;
    assert!(verified.contains("\n4 station pages say the same as the lists\n"), "{verified}");
}

#[test]
fn sitemaps_name_every_page_and_follow_a_patch() {
    // The second district has no station yet.
    let regions = "code,name\n39,P\n3901,R\n390101,D\n3901012001,V\n390102,E\n3901022001,W\n";
    let settings = "[tables]\nmin_voters = 1\n[site]\naddress = \"https://tps.example/pemilu\"\n";
    let operator = built(Election::of_stations(&["3901012001001"]).settings(settings).with("regions.csv", regions));
    let sitemap = page(&operator, "tps/39.xml");
    let locations = |xml: &str| -> Vec<String> {
        let after = xml.split("<loc>").skip(1);
        after.map(|rest| rest.split("</loc>").next().unwrap().to_owned()).collect()
    };
    assert_eq!(locations(&page(&operator, "tps/sitemap.xml")), ["https://tps.example/pemilu/tps/39.xml"]);
    let [province, village, new] = ["39.html", "3901/3901012001.html", "3901/3901022001.html"];
    let addresses =
        |paths: &[&str]| paths.iter().map(|path| format!("https://tps.example/pemilu/tps/{path}")).collect::<Vec<_>>();
    assert_eq!(locations(&sitemap), addresses(&[province, village]));
    let stations = operator.election().join("stations.csv");
    let text = fs::read_to_string(&stations).unwrap();
    fs::write(&stations, format!("{text}3901022001001,3901022001,1,Balai Baru,Jl. Baru,-6.4,106.8\n")).unwrap();
    bilik(&[&"patch", &operator.election(), &"--key", &operator.key(), &"--out", &operator.site()]).exits_with(0);
    assert_eq!(locations(&page(&operator, "tps/39.xml")), addresses(&[province, village, new]));
    assert!(operator.site().join("tps/3901/3901022001.html").exists());
    operator.run_verify(&[]).exits_with(0);
    bilik(&[&"rollback", &operator.site(), &"--key", &operator.key()]).exits_with(0);
    assert_eq!(page(&operator, "tps/39.xml"), sitemap);
    operator.run_verify(&[]).exits_with(0);
    fs::write(operator.site().join("tps/39.xml"), sitemap.replace("tps.example", "lain.example")).unwrap();
    let said = operator.run_verify(&[]).exits_with(1).out;
    assert!(said.contains("REFUSED tps/39.xml: differs from the signed station list"), "{said}");
}

#[test]
fn what_a_commission_writes_is_text_and_nothing_else() {
    let hostile = "<script>alert(1)</script>";
    let stations = format!(
        "id,village,number,venue,address,lat,lon,accessible,notice\n\
         3901012001001,3901012001,1,\"{hostile}\",\"\"\"onload=\"\"x'/>\",,,tidak,\"<b>a</b> {{{{ name }}}} &amp;\"\n"
    );
    let regions = "code,name\n39,<i>P\n3901,Kabupaten <u>\n390101,<s>\u{202e}K\n3901012001,\"\"\"><img src=x>\"\n";
    let election = Election::of_stations(&["3901012001001"]).settings("[tables]\nmin_voters = 1\n");
    let operator = built(election.with("stations.csv", stations).with("regions.csv", regions));
    for path in pages(&operator) {
        let html = fs::read_to_string(operator.site().join(&path)).unwrap();
        for tag in ["<script", "<i>", "<u>", "<s>", "<img src=x", "<b>a", "\"onload", "\u{202e}"] {
            assert!(!html.contains(tag), "{}: {tag}: {html}", path.display());
        }
    }
    let village = page(&operator, VILLAGE);
    for text in ["&lt;script&gt;alert(1)&lt;", "{{ name }} &amp;amp;", "Sulit dimasuki kursi roda", "&quot;onload=&quot;x&#x27;"]
    {
        assert!(village.contains(text), "{text}: {village}");
    }
    // Without the site's address there is none to print or to send.
    assert!(!village.contains("wa.me") && !village.contains("<svg") && !village.contains("og:url"));
}

#[test]
fn a_patch_changes_the_pages_of_the_district_and_a_rollback_brings_them_back() {
    let operator = small();
    let (before, other) = (page(&operator, VILLAGE), page(&operator, "tps/3902/3902012001.html"));
    let stations = operator.election().join("stations.csv");
    let text = fs::read_to_string(&stations).unwrap();
    fs::write(&stations, text.replacen("Balai", "Gedung", 1)).unwrap();
    bilik(&[&"patch", &operator.election(), &"--key", &operator.key(), &"--out", &operator.site()]).exits_with(0);
    let patched = page(&operator, VILLAGE);
    assert!(patched.contains("<bdi>Gedung Contoh</bdi>") && patched != before);
    assert_eq!(page(&operator, "tps/3902/3902012001.html"), other);
    operator.run_verify(&[]).exits_with(0);
    bilik(&[&"rollback", &operator.site(), &"--key", &operator.key()]).exits_with(0);
    assert_eq!(page(&operator, VILLAGE), before);
    operator.run_verify(&[]).exits_with(0);
}

#[test]
fn a_page_that_says_something_else_is_named() {
    let operator = small();
    let village = page(&operator, VILLAGE);
    fs::write(operator.site().join(VILLAGE), village.replacen("Balai", "Gedung", 1)).unwrap();
    fs::remove_file(operator.site().join("tps/3902/3902012001.html")).unwrap();
    fs::write(operator.site().join("tps/3901/3901019999.html"), "").unwrap();
    let said = operator.run_verify(&[]).exits_with(1).out;
    for line in [
        "REFUSED tps/3901/3901012001.html: differs from the signed station list",
        "REFUSED tps/3901/3901019999.html: no village or province of the signed lists",
        "REFUSED tps/3902/3902012001.html: ",
        "\n3 station pages say the same as the lists\n",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    // The next build leaves nothing of it.
    operator.build_again();
    operator.run_verify(&[]).exits_with(0);
    assert_eq!(page(&operator, VILLAGE), village);
    assert!(!operator.site().join("tps/3901/3901019999.html").exists());
}

#[test]
fn a_landmark_and_the_ways_in_are_on_the_page_and_in_the_answer_and_a_patch_changes_them() {
    let line = "3901012001001,3901012001,1,Balai,Jl. 1,,,ya,";
    let stations = |more: &str| {
        format!("id,village,number,venue,address,lat,lon,accessible,landmark,ramp,level,parking,help\n{line}{more}\n")
    };
    let election = Election::of_stations(&["3901012001001"]).settings("[tables]\nmin_voters = 1\n");
    let operator = built(election.with("stations.csv", stations("Dekat <pasar>,ya,,,ya")));
    let html = page(&operator, VILLAGE);
    for text in ["<p>Patokan: <bdi>Dekat &lt;pasar&gt;</bdi></p>", "Ada jalan landai. Ada petugas pembantu. "] {
        assert!(html.contains(text), "{text}: {html}");
    }
    let found = operator.run_find(&[&"--nik", &"390101120190", &"--name", &"Budi Santoso", &"--json"]).exits_with(0).json();
    crate::declared_types::check(&found, "Outcome").unwrap();
    let station = &found["station"];
    assert_eq!((&station["landmark"], &station["access"]), (&"Dekat <pasar>".into(), &serde_json::json!(["ramp", "help"])));
    fs::write(operator.election().join("stations.csv"), stations(",,ya,,")).unwrap();
    let patched = bilik(&[&"patch", &operator.election(), &"--key", &operator.key(), &"--out", &operator.site()]).exits_with(0);
    assert!(patched.out.contains(": details of the access, landmark\n"), "{patched:?}");
    let html = page(&operator, VILLAGE);
    assert!(html.contains("<p class=\"access\">Tanpa tangga. </p>") && !html.contains("Patokan"), "{html}");
}

#[test]
fn a_site_can_do_without_them() {
    let operator = with_site("station_pages = false\n");
    assert!(!operator.site().join("tps").exists());
    assert!(!page(&operator, "index.html").contains("tps&#x2f;"));
    operator.run_verify(&[]).exits_with(0);
    // And loses those that it had.
    let operator = small();
    let settings = operator.election().join("election.toml");
    let text = fs::read_to_string(&settings).unwrap();
    fs::write(&settings, format!("{text}\n[site]\nstation_pages = false\n")).unwrap();
    let before = operator.path().join("before");
    copy_folder(&operator.site(), &before);
    operator.build_again();
    assert!(!operator.site().join("tps").exists());
    let uploads: [&dyn AsRef<std::ffi::OsStr>; 7] =
        [&"uploads", &operator.site(), &"--public-key", &operator.public_key(), &"--since", &before, &"--obsolete"];
    let gone = bilik(&uploads).exits_with(0).out;
    assert!(gone.lines().any(|path| path == VILLAGE), "{gone}");
}

#[test]
fn an_address_that_nobody_could_open_is_refused_with_its_line() {
    for (address, reason) in [
        ("./", "the address is relative"),
        ("tps.example", "not an address of the web"),
        ("https://tps.example/?x", "has a query or a fragment"),
        ("https://a@tps.example/", "has a user name"),
    ] {
        let election = Election::sample().append("election.toml", format!("[site]\naddress = \"{address}\""));
        let fault = election.folder().fatal().remove(0).to_string();
        assert!(fault.contains(reason) && fault.contains("`address` in [site]"), "{fault}");
    }
}
