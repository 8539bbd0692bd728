Feature: Instalments and shares that add up in every currency
  A shop lets customers pay in monthly instalments, and splits bills into shares. Customers
  complain about lost cents, amounts that no coin can pay, and odd due dates. At present every
  scenario here fails.

  Scenario: The first instalments take the cents that are left over
    When "100.00" EUR are paid in 3 instalments from "2025-01-15"
    Then the amounts are "33.34, 33.33, 33.33"

  Scenario: The rest to pay is exact and ends at nothing
    When "0.70" EUR are paid in 3 instalments from "2025-01-15"
    Then what is left is "0.46, 0.23, 0.00"

  Scenario: Large amounts lose nothing
    When "1000000000000.10" EUR are paid in 3 instalments from "2025-01-15"
    Then the amounts are "333333333333.37, 333333333333.37, 333333333333.36"
    And what is left is "666666666666.73, 333333333333.36, 0.00"

  Scenario: Amounts have the digits of their currency
    When "1000" JPY are paid in 3 instalments from "2025-01-15"
    Then the amounts are "334, 333, 333"
    But "1.000" KWD in 3 instalments are "0.334, 0.333, 0.333"

  Scenario: Instalments are due on the same day or at the end of a shorter month
    When "40.00" EUR are paid in 4 instalments from "2024-12-31"
    Then the due dates are "2024-12-31, 2025-01-31, 2025-02-28, 2025-03-31"

  Scenario: A refund is split as a payment is
    When "-100.01" USD are paid in 3 instalments from "2025-01-15"
    Then the amounts are "-33.34, -33.34, -33.33"
    And what is left is "-66.67, -33.33, 0.00"

  Scenario: Fewer instalments are made if they would be too small
    When "100.00" EUR are paid in 12 instalments of at least "25.00" from "2025-01-15"
    Then the amounts are "25.00, 25.00, 25.00, 25.00"

  Scenario: Shares follow their weights and add up
    Then "10.00" EUR are shared by the weights "1, 1, 4" as "1.67, 1.67, 6.66"
    And "0.05" EUR are shared by the weights "1, 1" as "0.03, 0.02"

  Scenario: The share that is cut most gets the next cent
    Then "1.00" EUR are shared by the weights "3, 3, 1" as "0.43, 0.43, 0.14"
    And "1.00" EUR are shared by the weights "1, 5, 1" as "0.14, 0.72, 0.14"

  Scenario: Amounts that the currency does not have are refused
    Then "10.005" EUR and "0.5" JPY are refused with a RangeError
    But "10.5" EUR in 2 instalments are "5.25, 5.25"
