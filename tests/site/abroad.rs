//! Voters abroad: the stations of region 99, and NIKs and card villages at home.

use crate::BILIK;
use bilik_testkit::Election;
use std::fs;

#[test]
fn voters_abroad_are_checked_built_and_found() {
    let home = "39,Contoh\n3901,Kabupaten Contoh\n390101,Sukacontoh\n3901012001,Contoh Satu\n";
    let abroad =
        "99,Luar Negeri\n9901,Malaysia\n990101,Kuala Lumpur\n9901011001,TPSLN\n9901011002,Kotak Suara Keliling\n9901011003,Pos\n";
    let stations = "id,village,number,venue,address,lat,lon,notice\n\
        3901012001-001,3901012001,1,SD 1,Jl. 1,-6.4,106.8,\n\
        KL-T1,9901011001,TPSLN 001,KBRI Kuala Lumpur,Jalan Tun Razak,3.17,101.72,Bawa paspor\n\
        KL-K1,9901011002,KSK 001,Ladang Contoh,Cameron Highlands,4.47,101.38,\n\
        KL-P1,9901011003,Pos 1,PPLN Kuala Lumpur,Jalan Tun Razak,,,\n";
    let election = Election::of_stations(&["3901012001001"])
        .settings(
            "[areas.9901011001]\nday = \"2029-02-11\"\nopens = \"08:00\"\ncloses = \"18:00\"\ntime_zone = \"Asia/Kuala_Lumpur\"\n\
             [areas.9901011002]\nday = \"2029-02-04\"\ntime_zone = \"Asia/Kuala_Lumpur\"\n[tables]\nmin_voters = 1\n",
        )
        .with("regions.csv", format!("code,name\n{home}{abroad}"))
        .with("stations.csv", stations)
        .voters(
            "3901011201900001,Budi Santoso,3901012001-001,\n\
             3901011301900001,Dewi Lestari,KL-T1,3901012001\n\
             3901011401900001,Rudi Hartono,KL-K1,3901012001\n\
             3901014402300001,Rina Wijaya,KL-P1,3901012001\n",
        );
    let operator = election.operator(BILIK);
    let checked = BILIK.run(&[&"check", &operator.election()]).exits_with(0);
    // Two stations hundreds of kilometres apart are one committee's; the one without hours of its own is told.
    assert!(!checked.out.contains("doubtful_coordinates"), "{}", checked.out);
    assert!(
        checked.out.contains("(abroad_hours, 1)") && checked.out.contains("number 1 of village 9901011003"),
        "{}",
        checked.out
    );
    operator.build();
    operator.everybody_is_found();
    for (nik, name, place) in [
        ("390101130190", "Dewi Lestari", "TPSLN 001  TPSLN, Kuala Lumpur, Malaysia, Luar Negeri"),
        ("390101140190", "Rudi Hartono", "KSK 001  Kotak Suara Keliling, Kuala Lumpur, Malaysia, Luar Negeri"),
        ("390101440230", "Rina Wijaya", "POS 001  Pos, Kuala Lumpur, Malaysia, Luar Negeri"),
        ("390101120190", "Budi Santoso", "TPS 001  Contoh Satu, Sukacontoh, Kabupaten Contoh, Contoh"),
    ] {
        let found = operator.run_find(&[&"--nik", &nik, &"--name", &name]).exits_with(0);
        assert!(found.out.contains(place), "{}", found.out);
    }
    // Pages without script list committees and ways of voting, not districts and villages.
    for (path, lines) in [
        ("tps/99.html", ["Pilih PPLN, lalu cara memilih.", "<bdi>PPLN Kuala Lumpur</bdi>"]),
        ("tps/9901/9901011002.html", ["<h1 translate=\"no\"><bdi>Kotak Suara Keliling</bdi></h1>", "Cara memilih di <bdi"]),
    ] {
        let html = fs::read_to_string(operator.site().join(path)).unwrap();
        assert!(lines.iter().all(|line| html.contains(line)), "{path}: {html}");
        assert!(!["Kec. ", "Distrik", "kelurahan/desa", "Kelurahan"].iter().any(|word| html.contains(word)), "{path}: {html}");
    }
    // By the village on the card, which is at home.
    let found = operator.run_find(&[&"--nik", &"390101130190", &"--name", &"Dewi", &"--village", &"3901012001"]).exits_with(0);
    assert!(found.out.contains("KBRI Kuala Lumpur") && found.out.contains("2029-02-11T08:00:00+08:00"), "{}", found.out);
}
