use super::said::path;

#[test]
fn paths_are_those_of_the_repository() {
    assert_eq!(path("./evenhand.toml"), "evenhand.toml");
    assert_eq!(path(".\\models\\evenhand.toml"), "models/evenhand.toml");
    assert_eq!(path("././/a.toml"), "a.toml");
}
