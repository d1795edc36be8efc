//! Whether a JSON value is what `src/wasm/types.d.ts` says: enough of TypeScript for plain objects.

use serde_json::Value;

/// The types that a page is promised.
const TYPES: &str = include_str!("../../src/wasm/types.d.ts");

/// Says where a value differs from a type.
pub fn check(value: &Value, name: &str) -> Result<(), String> {
    declared(name).fits(value, name)
}

#[derive(Debug)]
enum Type {
    Text,
    Number,
    Boolean,
    True,
    Literal(String),
    List(Box<Type>),
    Object(Vec<(String, bool, Type)>),
    OneOf(Vec<Type>),
    Named(String),
}

fn declared(name: &str) -> Type {
    let words = words(TYPES);
    let at = words.windows(2).position(|pair| ["interface", "type"].contains(&pair[0]) && pair[1] == name);
    let at = at.unwrap_or_else(|| panic!("types.d.ts declares no {name}"));
    let mut rest = &words[at + 2..];
    if words[at] == "type" {
        rest = &rest[1..];
    }
    one_of(&mut rest)
}

/// The words and signs of a text, without its comments.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("/*") {
            rest.find("*/").unwrap() + 2
        } else if first == '\'' {
            rest[1..].find('\'').unwrap() + 2
        } else {
            let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            word.max(first.len_utf8())
        };
        if !rest.starts_with("/*") {
            words.push(&rest[..length]);
        }
        rest = rest[length..].trim_start();
    }
    words
}

fn one_of(rest: &mut &[&str]) -> Type {
    let mut types = Vec::new();
    loop {
        if rest.first() == Some(&"|") {
            *rest = &rest[1..];
        }
        types.push(list(rest));
        if rest.first() != Some(&"|") {
            break;
        }
    }
    if types.len() == 1 { types.remove(0) } else { Type::OneOf(types) }
}

fn list(rest: &mut &[&str]) -> Type {
    let mut of = single(rest);
    while rest.starts_with(&["[", "]"]) {
        *rest = &rest[2..];
        of = Type::List(Box::new(of));
    }
    of
}

fn single(rest: &mut &[&str]) -> Type {
    let word = rest[0];
    *rest = &rest[1..];
    match word {
        "string" => Type::Text,
        "number" => Type::Number,
        "boolean" => Type::Boolean,
        "true" => Type::True,
        "(" => {
            let inner = one_of(rest);
            assert_eq!(rest[0], ")");
            *rest = &rest[1..];
            inner
        }
        "{" => object(rest),
        literal if literal.starts_with('\'') => Type::Literal(literal.trim_matches('\'').to_owned()),
        name => Type::Named(name.to_owned()),
    }
}

fn object(rest: &mut &[&str]) -> Type {
    let mut fields = Vec::new();
    while rest[0] != "}" {
        let name = rest[0].to_owned();
        let is_optional = rest[1] == "?";
        *rest = &rest[if is_optional { 3 } else { 2 }..];
        fields.push((name, is_optional, one_of(rest)));
        if rest[0] == ";" {
            *rest = &rest[1..];
        }
    }
    *rest = &rest[1..];
    Type::Object(fields)
}

impl Type {
    fn fits(&self, value: &Value, at: &str) -> Result<(), String> {
        let is = |is: bool| if is { Ok(()) } else { Err(format!("{at} is {value}, expected {self:?}")) };
        match self {
            Self::Text => is(value.is_string()),
            Self::Number => is(value.is_number()),
            Self::Boolean => is(value.is_boolean()),
            Self::True => is(value == &Value::Bool(true)),
            Self::Literal(text) => is(value == text.as_str()),
            Self::Named(name) => declared(name).fits(value, at),
            Self::List(of) => {
                is(value.is_array())?;
                value.as_array().unwrap().iter().enumerate().try_for_each(|(n, item)| of.fits(item, &format!("{at}[{n}]")))
            }
            Self::OneOf(types) => {
                let faults: Vec<String> = types.iter().filter_map(|one| one.fits(value, at).err()).collect();
                if faults.len() < types.len() { Ok(()) } else { Err(faults.join("\nor ")) }
            }
            Self::Object(fields) => {
                is(value.is_object())?;
                let object = value.as_object().unwrap();
                let unknown = object.keys().find(|key| !fields.iter().any(|(name, ..)| name == *key));
                if let Some(unknown) = unknown {
                    return Err(format!("{at}.{unknown} is in no type"));
                }
                fields.iter().try_for_each(|(name, is_optional, of)| match object.get(name) {
                    Some(value) => of.fits(value, &format!("{at}.{name}")),
                    None if *is_optional => Ok(()),
                    None => Err(format!("{at}.{name} is missing")),
                })
            }
        }
    }
}

#[test]
fn a_value_with_an_extra_missing_or_mistyped_field_does_not_fit() {
    let whole = r#"{"outcome":"bad_input","field":"nik","reason":"too_short"}"#;
    let fits = |text: &str| check(&serde_json::from_str(text).unwrap(), "Outcome").is_ok();
    assert!(fits(whole));
    for wrong in [
        whole.replace('}', r#","more":1}"#),
        whole.replace(r#","reason":"too_short""#, ""),
        whole.replace("too_short", "too short"),
        whole.replace(r#""nik""#, "12"),
        whole.replace("bad_input", "bad"),
    ] {
        assert!(!fits(&wrong), "{wrong}");
    }
    let village = r#"[{"code":"3901012001","name":"A","district":"B","regency":"C","province":"D"}]"#;
    let needed = format!(
        r#"{{"outcome":"village_needed","reason":"short_name","villages":{village},"searched":{{"district":"390101","by":["full"]}},"election":{{"id":"a","name":"A","date":"2029-02-14","demo":true}},"data":{{"serial":1,"signedAt":"","expires":"","manifest":""}},"warnings":["impossible_date"]}}"#
    );
    assert!(fits(&needed));
    for (right, wrong) in [("impossible_date", "other"), (r#"["full"]"#, r#"[["full"]]"#), (r#""serial":1"#, r#""serial":"1""#)] {
        assert!(!fits(&needed.replace(right, wrong)), "{wrong}");
    }
}
