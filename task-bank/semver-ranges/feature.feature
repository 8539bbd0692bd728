Feature: Version ranges with right pre-releases and carets
  A package manager asks which versions a range allows. Its users report three faults:
  pre-releases are in the wrong order, carets and other ranges reach too far, and
  pre-releases are installed that nobody asked for.

  Rule: A pre-release comes before its release

    Scenario: A release comes after its own pre-releases
      Then these versions are in order: "0.9.0, 1.0.0-alpha, 1.0.0-beta, 1.0.0, 1.0.1-alpha"

    Scenario: Numbers in a pre-release count as numbers
      Then these versions are in order: "1.0.0-beta.2, 1.0.0-beta.11, 1.0.0-rc.1"

    Scenario: A shorter pre-release comes first, and a number comes before a word
      Then these versions are in order: "1.0.0-alpha, 1.0.0-alpha.1, 1.0.0-alpha.beta, 1.0.0"

  Rule: A caret keeps the first number that is not 0

    Scenario: A caret keeps the major version
      Then these ranges decide:
        | RANGE  | ALLOWED           | NOT ALLOWED       |
        | ^1.2.3 | 1.2.3 1.2.4 1.9.0 | 1.2.2 2.0.0 0.1.0 |

    Scenario: Below 1.0.0 a caret keeps the minor version
      Then these ranges decide:
        | RANGE  | ALLOWED     | NOT ALLOWED             |
        | ^0.2.3 | 0.2.3 0.2.9 | 0.2.2 0.3.0 0.9.0 1.0.0 |

    Scenario: Below 0.1.0 a caret keeps the patch version
      Then these ranges decide:
        | RANGE  | ALLOWED | NOT ALLOWED             |
        | ^0.0.3 | 0.0.3   | 0.0.2 0.0.4 0.1.0 1.0.0 |

    Scenario: A part that is left out may be anything
      Then these ranges decide:
        | RANGE | ALLOWED           | NOT ALLOWED       |
        | ^1.2  | 1.2.0 1.2.9 1.7.1 | 1.1.9 2.0.0       |
        | ^0.1  | 0.1.0 0.1.7       | 0.0.9 0.2.0 1.0.0 |

  Rule: A pre-release is allowed only if the range names one of the same release

    Scenario: A range of releases allows no pre-release
      Then these ranges decide:
        | RANGE  | ALLOWED     | NOT ALLOWED              |
        | ^1.2.3 | 1.2.3 1.3.0 | 1.3.0-beta.1 2.0.0-alpha |

    Scenario: A range that names a pre-release allows later ones of that release
      Then these ranges decide:
        | RANGE           | ALLOWED                  | NOT ALLOWED               |
        | >=1.2.3-beta.10 | 1.2.3-beta.11 1.2.3 2.0.0 | 1.2.3-beta.9 1.3.0-beta.11 |

    Scenario: The best version is the highest that is allowed
      Then of "1.0.0, 1.10.0, 1.9.0, 1.11.0-rc.1, 2.0.0" the best for "^1.0.0" is "1.10.0"
