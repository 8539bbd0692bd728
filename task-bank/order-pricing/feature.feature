Feature: Order prices by rules whose discounts stack
  A shop's prices are nested conditions today. The shop wants to show each discount, and
  campaigns that are data. Prices stay as they are.

  Rule: A quote shows what the shop's own rules take off

    Scenario: An order without discounts
      Given an order of "2 x 1500 pen"
      Then the quote is "3000 + 490 = 3490"

    Scenario: Ten or more of an item are cheaper
      Given an order of "10 x 200 pen, 1 x 1000 lamp"
      Then the quote is "3000 - bulk 200 + 490 = 3290"

    Scenario: A discount counts from what earlier ones left
      Given an order of "20 x 500 pen" by a gold customer
      Then the quote is "10000 - bulk 1000 - gold 450 + 0 = 8550"

    Scenario: A welcome coupon is for first orders
      Given an order of "1 x 2000 lamp" with the coupon "WELCOME"
      Then the quote is "2000 + 490 = 2490"
      But as a first order its quote is "2000 - WELCOME 500 + 490 = 1990"

    Scenario: Shipping depends on what is left
      Given an order of "1 x 5100 desk" by a silver customer
      Then the quote is "5100 - silver 102 + 490 = 5488"
      But without rules it is "5100 + 0 = 5100"

  Rule: Campaigns bring rules of their own

    Scenario: A rule for some lines
      Given the rules:
        | NAME   | OFF  | CATEGORY |
        | lights | 25 % | lamp     |
      And an order of "1 x 4000 lamp, 2 x 1000 pen"
      Then the quote is "6000 - lights 1000 + 0 = 5000"

    Scenario: Rules apply in their order
      Given the rules:
        | NAME | OFF  |
        | flat | 1000 |
        | tenth | 10 % |
      And an order of "1 x 9000 desk"
      Then the quote is "9000 - flat 1000 - tenth 800 + 0 = 7200"

    Scenario: A rule that stands alone replaces the others if it takes off more
      Given the rules:
        | NAME  | OFF  | ALONE |
        | tenth | 10 % |       |
        | flat  | 500  |       |
        | sale  | 20 % | yes   |
      And an order of "1 x 9000 desk"
      Then the quote is "9000 - sale 1800 + 0 = 7200"
      But for "1 x 4000 lamp" it is "4000 - tenth 400 - flat 500 + 490 = 3590"
