Feature: Instalments and shares that add up in every currency, held out

  Scenario: As many instalments as possible take one cent more
    When "0.11" EUR are paid in 4 instalments from "2025-01-15"
    Then the amounts are "0.03, 0.03, 0.03, 0.02"
    And what is left is "0.08, 0.05, 0.02, 0.00"

  Scenario: A total of a few cents has instalments of nothing
    When "0.02" EUR are paid in 3 instalments from "2025-01-15"
    Then the amounts are "0.01, 0.01, 0.00"
    But "0" EUR in 2 instalments are "0.00, 0.00"
    And "-0.01" EUR in 2 instalments are "-0.01, 0.00"

  Scenario: Large amounts are exact to the cent
    When "90071992547409.95" EUR are paid in 2 instalments from "2025-01-15"
    Then the amounts are "45035996273704.98, 45035996273704.97"
    And what is left is "45035996273704.97, 0.00"

  Scenario: Digits that are not written are nothing
    Then "1.2" KWD in 1 instalments are "1.200"
    And "7" KWD in 2 instalments are "3.500, 3.500"
    And "-7" JPY in 2 instalments are "-4, -3"
    And "007.1" CHF in 1 instalments are "7.10"

  Scenario: The end of February comes with leap years
    When "30.00" EUR are paid in 3 instalments from "2024-01-30"
    Then the due dates are "2024-01-30, 2024-02-29, 2024-03-30"

  Scenario: Due dates pass the end of a year and keep their day
    When "150.00" EUR are paid in 15 instalments from "2023-10-31"
    Then due date 3 is "2023-12-31", and the last one is "2024-12-31"
    And due date 5 is "2024-02-29", and the last one is "2024-12-31"

  Scenario: The smallest amount decides how many instalments there are
    Then "99.99" EUR in 12 instalments of at least "25.00" are "33.33, 33.33, 33.33"
    And "10.00" EUR in 3 instalments of at least "25.00" are "10.00"
    And "10.00" EUR in 3 instalments of at least "0.00" are "3.34, 3.33, 3.33"
    And "10.00" EUR in 3 instalments of at least "1.00" are "3.34, 3.33, 3.33"
    And "-100.00" EUR in 3 instalments of at least "50.00" are "-50.00, -50.00"
    And "0.00" EUR in 3 instalments of at least "50.00" are "0.00"

  Scenario: A weight of nothing has no share
    Then "10.00" EUR are shared by the weights "0, 1, 0, 2" as "0.00, 3.33, 0.00, 6.67"
    And "-10.00" EUR are shared by the weights "1, 2" as "-3.33, -6.67"
    And "5" JPY are shared by the weights "2" as "5"

  Scenario: The first of several shares that are cut alike gets the cent
    Then "0.02" EUR are shared by the weights "1, 1, 1" as "0.01, 0.01, 0.00"
    And "0.07" EUR are shared by the weights "1, 2, 1, 2" as "0.01, 0.03, 0.01, 0.02"
    And "-0.03" EUR are shared by the weights "1, 1" as "-0.02, -0.01"

  Scenario: Large weights and amounts are shared exactly
    Then "90071992547409.93" EUR are shared by the weights "1, 9007199254740991" as "0.01, 90071992547409.92"
    And "10000000000000.01" USD are shared by the weights "1, 1" as "5000000000000.01, 5000000000000.00"

  Scenario: Odd weights are refused
    Then none of the weights "0", "0, 0", "3, -1", "0.5, 0.5" and "-1, -1" is accepted
    But "0.01" EUR are shared by the weights "0, 7" as "0.00, 0.01"
    And "0.29" EUR are shared by the weights "1" as "0.29"

  Scenario: Odd amounts, currencies, counts and dates are refused
    Then none of these plans is made:
      | TOTAL | CURRENCY | COUNT | FIRST      | SMALLEST |
      | 1,00  | EUR      | 2     | 2025-01-15 | 0        |
      |       | EUR      | 2     | 2025-01-15 | 0        |
      | .50   | EUR      | 2     | 2025-01-15 | 0        |
      | 1.    | EUR      | 2     | 2025-01-15 | 0        |
      | +1    | EUR      | 2     | 2025-01-15 | 0        |
      | 1e3   | EUR      | 2     | 2025-01-15 | 0        |
      | 1 EUR | EUR      | 2     | 2025-01-15 | 0        |
      | x 1   | EUR      | 2     | 2025-01-15 | 0        |
      | 1.00  | eur      | 2     | 2025-01-15 | 0        |
      | 1.00  | toString | 2     | 2025-01-15 | 0        |
      | 1.00  | EUR      | 0     | 2025-01-15 | 0        |
      | 1.00  | EUR      | -1    | 2025-01-15 | 0        |
      | 1.00  | EUR      | 1.5   | 2025-01-15 | 0        |
      | 1.00  | EUR      | 2     | 2025-02-29 | 0        |
      | 1.00  | EUR      | 2     | 2025-1-15  | 0        |
      | 1.00  | EUR      | 2     | soon       | 0        |
      | 1.00  | EUR      | 2     | 2025-01-15 | 0.001    |
    But "1.01" EUR in 2 instalments are "0.51, 0.50"
