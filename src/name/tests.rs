//! Names as people write them: which are one, which are found, and by what.

use super::*;

fn whole(name: &str) -> String {
    fold(name).unwrap().whole().to_owned()
}

fn first(name: &str) -> String {
    fold(name).unwrap().asked_tokens(&CommonTokens::default())[0].to_owned()
}

/// Each line: ways to write one name.
const SAME: &[&[&str]] = &[
    &[
        "Budi Santoso",
        " BUDI  SANTOSO ",
        "budi santoso, S.H.",
        "Drs. H. Budi Santoso, M.Si.",
        "Budi-Santoso",
        "Budi/Santoso",
        "Budisantoso",
        "Bpk. Budi Santoso SH MM",
        "Budi Santoso S.Tr.Kep",
        "Budi Santoso, M.Ak., Gr., CPA",
        "Budi Santoso alias Bambang",
    ],
    &["Siti Nurhayati", "Hj. Siti Nur Hayati", "St. Nurhayati", "SITI NURHAYATI, S.Pd.I", "Sitinurhayati"],
    &["Muhammad Yusuf", "M. Yusuf", "Moh. Joesoef", "MUCHAMMAD YUSUF", "Mohamad Jusup", "Mohammed Yusuf"],
    &["Djoko Soerjadi", "Joko Suryadi", "Djoko Surjadi"],
    &["Tjokro Wijaya", "Cokro Widjaja", "Tjokro Widjaja"],
    &["Sjamsoel Bahri", "Syamsul Bachri", "Samsul Bahri"],
    &["Njoman Rai", "Nyoman Rai"],
    &["Achmad Zaini", "Ahmad Saini", "Akhmad Zaini", "Ahmat Zaeni"],
    &["Nu'man Fauzi", "Numan Fausi", "Nu’man Vauzi"],
    &["Abdurrahman Wahid", "Abdul Rahman Wahid", "Abd. Rohman Wakhid", "ABDULRAHMAN WAHID", "Abdurahman Wahit"],
    &["Rachmat Bachtiar", "Rahmat Bahtiar", "Rakhmat Bakhtiar", "Rohmat Bahtiyar"],
    &["Choirul Anwar", "Khoirul Anwar", "Khairul Anuar"],
    &["José Müller", "JOSE MULLER", "Jose\u{301} Mu\u{308}ller", "Ｊｏｓｅ　Ｍｕｌｌｅｒ", "Ⓙⓞⓢⓔ ⓜⓤⓛⓛⓔⓡ"],
    &["Dhani Yudhistira", "Dani Yudistira"],
    &["Arief Latief", "Arip Latip"],
    &["Sumarni", "Sumarnih", "Soemarni"],
    &["Endang Suwarno", "Indang Suarno"],
    &["Dzulkifli Mochtar", "Zulkifli Mukhtar"],
    &["Vincentius Xaverius Philipus", "Vinsensius Saverius Filipus"],
    &["Khasanah", "Hasanah", "Chasanah"],
    &["Triwahyuningsih", "Tri Wahyuni Ningsih", "Tri Wahyuningsih"],
    &["Nur'aini", "Nur Aini", "NURAINI", "Nuraeni"],
    &["Chandra Dewi", "Candra Dewi", "Tjandra Dewi"],
];

#[test]
fn ways_to_write_one_name_fold_to_the_same() {
    for line in SAME {
        for name in *line {
            assert_eq!(whole(name), whole(line[0]), "{name} and {}", line[0]);
        }
    }
}

#[test]
fn different_names_stay_apart() {
    for (one, other) in [
        ("Santoso", "Susanti"),
        ("Siti Aminah", "Siti Maimunah"),
        ("Dewi", "Dwi"),
        ("Agus", "Bagus"),
        ("Herman", "Hermawan"),
        ("Hadi", "Adi"),
        ("Bambang", "Pampang"),
    ] {
        assert_ne!(first(one), first(other));
    }
}

/// Written on the roll, typed: `near` finds the voter by a token that both have.
const FOUND: &[(&str, &[&str])] = &[
    (
        "Budi Santoso",
        &["Budi", "Santoso", "Santoso Budi", "Budi Agus Santoso", "Bdui Santoso", "Budi Sntoso", "Letkol Budi Santoso"],
    ),
    ("Budi alias Bambang", &["Bambang", "Budi", "Budi Bambang", "Bambang alias Budi", "Budi @ Bambang", "Budi (Bambang)"]),
    ("Sri Lestari als. Mbok Nah", &["Lestari", "Nah", "Mbok Nah"]),
    ("Lim Siok Hwa", &["Siok Hwa Lim", "Lim", "Hwa"]),
    ("A. Rahman", &["Abdul Rahman", "Rahman", "Ahmad Rahman", "Abdurrahman"]),
    ("Budi S", &["Budi Santoso", "Budi Susilo"]),
    ("Apt. Dewi Lestari", &["Dewi Lestari", "Lestari"]),
    ("Andi Baso Makmur", &["Baso Makmur", "A. Baso Makmur", "Makmur"]),
    ("Lalu Wirajaya", &["L. Wirajaya", "Wirajaya", "Wiradjaja"]),
    ("Baiq Nurhayati", &["Bq. Nurhayati", "Nur Hayati", "Hayati"]),
    ("I Gusti Ngurah Rai", &["I Gst. Ngr. Rai", "Gusti Rai", "Ngurah Rai"]),
    ("Anak Agung Gde Raka", &["A.A. Gde Raka", "A A Gede Raka"]),
    ("Ida Bagus Oka", &["I.B. Oka", "IB Oka", "Bagus Oka"]),
    ("Budi Siregar", &["Siregar, Budi", "SIREGAR BUDI", "Budi br. Siregar"]),
    ("Teuku Rusli", &["T. Rusli", "Rusli"]),
    ("R.Ngt. Sumirah", &["Sumirah", "Raden Nganten Sumirah"]),
    ("R. Ay. Kartini", &["Raden Ayu Kartini", "Kartini"]),
    ("Pastor Yosef", &["Yosef", "Joseph"]),
    ("Dt. Marajo", &["Datuk Maradjo", "Marajo"]),
    ("Ns. Rina, S.Kep.", &["Rina", "Rina S.Kep., Ners"]),
    ("Siti/Aminah", &["Siti Aminah", "Aminah"]),
    ("Ｓｉｔｉ　Ａｍｉｎａｈ", &["Siti Aminah"]),
    ("Nur'aini", &["Nur Aini", "Aini", "Noer Aini"]),
];

#[test]
fn near_finds_a_name_by_either_end_and_by_its_alias() {
    let common = CommonTokens::default();
    for (roll, typed) in FOUND {
        let roll = fold(roll).unwrap();
        let sealed = roll.sealed_tokens(&common);
        for typed in *typed {
            let name = fold(typed).unwrap();
            let asked = name.asked_tokens(&common);
            assert!(asked.iter().any(|token| sealed.contains(token)), "{typed}: asked {asked:?}, sealed {sealed:?}");
        }
    }
}

#[test]
fn a_voter_is_sealed_under_four_tokens_at_most_each_once() {
    for (name, tokens) in [
        ("Budi Hari Santoso", &["BADI", "SANTASA"][..]),
        ("Budi alias Budi", &["BADI"]),
        ("Budi Santoso alias Siti Rina Dewi", &["BADI", "SANTASA", "RINA", "DIWI"]),
        ("Budi (Alm.)", &["BADI"]),
        ("Rani Rani", &["RANI"]),
    ] {
        assert_eq!(fold(name).unwrap().sealed_tokens(&CommonTokens::default()), tokens, "{name}");
    }
}

#[test]
fn the_first_significant_token_skips_insignificant_words() {
    for (name, token) in [
        ("Muhammad Rizki Pratama", "RISKI"),
        ("Hj. Siti Nur Aminah", "AMINA"),
        ("I Wayan Sudarta", "SADARTA"),
        ("Ni Luh Putu Ayu", "AIA"),
        ("Ni Wayan", "WAIAN"),
        ("Siti", "SITI"),
        ("Ahmad bin Saleh", "SALI"),
        ("Prof. Dr. Ir. Slamet", "SLAMIT"),
    ] {
        assert_eq!(first(name), token, "{name}");
    }
}

#[test]
fn words_that_half_a_roll_bears_are_insignificant_in_every_spelling() {
    for name in "Ahmad Akhmad Ahmed Abdul Abd Al Anak Andi Baiq Bq Cokorda Tjokorda Cut Daeng Dg Desak Dewa Gde Gede Gd Gusti Goesti Gst \
        Ida Kadek Kd Ketut Ketoet Kt Komang Kmg Lalu Luh Loeh Made Md Muhammad Moch Mohammed Nengah Ni Noer Nur Nyoman Njoman Nym \
        Poetoe Putu Siti Sitti Sri Teuku Tengku Wayan Wajan Wy I A"
        .split_whitespace()
    {
        assert_eq!(fold(name).unwrap().significant().count(), 0, "{name}");
    }
    assert!(lists::INSIGNIFICANT.split(' ').all(|word| sounds::merge(word) == word));
}

#[test]
fn common_tokens_are_skipped_while_another_is_there() {
    let common = CommonTokens::new(vec![CommonTokens::digest("BADI")]);
    for (name, tokens, only_common) in [
        ("Budi Santoso", &["SANTASA"][..], false),
        ("Budi Hari Santoso", &["HARI", "SANTASA"], false),
        ("Santoso Budi", &["SANTASA"], false),
        ("Budi", &["BADI"], true),
        ("Siti Budi", &["BADI"], true),
    ] {
        let folded = fold(name).unwrap();
        assert_eq!((folded.asked_tokens(&common), folded.is_only_common(&common)), (tokens.to_vec(), only_common), "{name}");
    }
}

#[test]
fn two_significant_tokens_make_a_long_name() {
    for (name, long) in [
        ("Budi Santoso", true),
        ("Siti Aminah", false),
        ("Suharto", false),
        ("I Made Arta", false),
        ("Drs. Suharto, S.H.", false),
        ("Nur Hayati Dewi", true),
        ("Abdurrahman", false),
        ("Suharto S.", false),
        ("Suharto alias Budi", false),
    ] {
        assert_eq!(fold(name).unwrap().is_long(), long, "{name}");
    }
}

#[test]
fn a_name_that_is_only_a_title_is_kept() {
    assert_eq!(whole("Ir"), "IR");
    assert_eq!(whole("H."), "H");
    assert_eq!(whole("1 S.H."), "1S");
    assert_eq!(whole("1 H"), "1H");
    assert_eq!(whole("(Alm.)"), "ALM");
    assert_eq!(whole(", S.H."), "S");
}

#[test]
fn names_without_letters_are_rejected() {
    assert_eq!(fold("  "), Err(NameError::Missing));
    assert_eq!(fold("---"), Err(NameError::NoLetters));
    assert_eq!(fold("12 3"), Err(NameError::NoLetters));
    assert_eq!(fold("王小明"), Err(NameError::NoLetters));
    assert_eq!(fold(&"A".repeat(MAX_NAME_CHARS + 1)), Err(NameError::TooLong));
}
