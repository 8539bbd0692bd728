Feature: Order prices by rules whose discounts stack, held out

  Rule: A quote shows what the shop's own rules take off

    Scenario: Prices stay as they are, and the quote agrees
      Then these orders are priced so:
        | ORDER                       | TIER   | FIRST | COUPON   | QUOTE                                                  |
        | 9 x 200 pen                 |        |       |          | 1800 + 490 = 2290                                      |
        | 10 x 199 pen, 12 x 5 clip   |        |       |          | 2050 - bulk 205 + 490 = 2335                           |
        | 1 x 5000 desk               |        |       |          | 5000 + 0 = 5000                                        |
        | 1 x 4999 desk               |        |       |          | 4999 + 490 = 5489                                      |
        | 1 x 5263 desk               | gold   | yes   |          | 5263 - gold 263 + 0 = 5000                             |
        | 1 x 999 lamp                | silver |       | WELCOME  | 999 - silver 20 + 490 = 1469                           |
        | 1 x 2105 lamp               | gold   | yes   | WELCOME  | 2105 - gold 105 - WELCOME 500 + 490 = 1990             |
        | 1 x 2104 lamp               | gold   | yes   | WELCOME  | 2104 - gold 105 + 490 = 2489                           |
        | 1 x 3000 lamp               | silver | yes   | WELCOME  | 3000 - silver 60 - WELCOME 500 + 490 = 2930            |
        | 1 x 3000 lamp               | silver | yes   | welcome  | 3000 - silver 60 + 490 = 3430                          |
        | 1 x 3000 lamp               |        |       | FREESHIP | 3000 + 0 = 3000                                        |
        | 30 x 100 pen                | gold   | yes   | FREESHIP | 3000 - bulk 300 - gold 135 + 0 = 2565                  |

    Scenario: Half a cent is rounded up
      Then these orders are priced so:
        | ORDER         | TIER   | FIRST | COUPON | QUOTE                             |
        | 1 x 1010 pen  | gold   |       |        | 1010 - gold 51 + 490 = 1449       |
        | 1 x 1009 pen  | gold   |       |        | 1009 - gold 50 + 490 = 1449       |
        | 15 x 1 pen    |        |       |        | 15 - bulk 2 + 490 = 503           |

    Scenario: A discount of nothing is not shown
      Then these orders are priced so:
        | ORDER       | TIER   | FIRST | COUPON  | QUOTE                 |
        | 1 x 9 pen   | gold   | yes   | WELCOME | 9 + 490 = 499         |
        | 12 x 0 bag  | silver | yes   | WELCOME | 0 + 490 = 490         |
        | 1 x 0 bag   |        |       | FREESHIP | 0 + 0 = 0            |

  Rule: Campaigns bring rules of their own

    Scenario: No discount takes off more than is left
      Given the rules:
        | NAME  | OFF  |
        | half  | 50 % |
        | flat  | 900  |
        | tenth | 10 % |
      And an order of "1 x 1000 lamp"
      Then the quote is "1000 - half 500 - flat 500 + 490 = 490"

    Scenario: Lines count with their full price, and there must be one
      Given the rules:
        | NAME   | OFF  | CATEGORY | QUANTITY |
        | tenth  | 10 % |          |          |
        | lights | 50 % | lamp     | 2        |
        | desks  | 100  | desk     |          |
        | many   | 10 % |          | 3        |
      And an order of "2 x 1000 lamp, 1 x 1000 lamp, 3 x 100 pen"
      Then the quote is "3300 - tenth 330 - lights 1000 - many 30 + 490 = 2430"
      But for "1 x 9000 desk" it is "9000 - tenth 900 - desks 100 + 0 = 8000"

    Scenario: A least amount looks at what is left
      Given the rules:
        | NAME  | OFF  | LEAST |
        | flat  | 500  | 4000  |
        | again | 500  | 4000  |
        | more  | 100  | 3501  |
      And an order of "1 x 4000 lamp"
      Then the quote is "4000 - flat 500 + 490 = 3990"
      But for "1 x 4500 lamp" it is "4500 - flat 500 - again 500 + 490 = 3990"
      And for "1 x 4501 lamp" it is "4501 - flat 500 - again 500 - more 100 + 490 = 3891"

    Scenario: All conditions of a rule have to hold
      Given the rules:
        | NAME | OFF | TIER | FIRST | COUPON |
        | club | 300 | gold | yes   | CLUB   |
        | any  | 50  |      |       | CLUB   |
      Then these orders are priced by them so:
        | ORDER        | TIER   | FIRST | COUPON | QUOTE                                 |
        | 1 x 900 pen  | gold   | yes   | CLUB   | 900 - club 300 - any 50 + 490 = 1040  |
        | 1 x 900 pen  | silver | yes   | CLUB   | 900 - any 50 + 490 = 1340             |
        | 1 x 900 pen  | gold   |       | CLUB   | 900 - any 50 + 490 = 1340             |
        | 1 x 900 pen  | gold   | yes   |        | 900 + 490 = 1390                      |

    Scenario: The best rule that stands alone wins, and the others win a tie
      Given the rules:
        | NAME   | OFF  | ALONE | COUPON |
        | first  | 1000 | yes   |        |
        | stack  | 500  |       |        |
        | second | 1000 | yes   |        |
        | more   | 500  |       | MORE   |
        | third  | 1500 | yes   | THIRD  |
      Then these orders are priced by them so:
        | ORDER         | TIER | FIRST | COUPON | QUOTE                                          |
        | 1 x 9000 desk |      |       |        | 9000 - first 1000 + 0 = 8000                   |
        | 1 x 9000 desk |      |       | MORE   | 9000 - stack 500 - more 500 + 0 = 8000         |
        | 1 x 9000 desk |      |       | THIRD  | 9000 - third 1500 + 0 = 7500                   |
        | 1 x 300 pen   |      |       |        | 300 - stack 300 + 490 = 490                    |

    Scenario: A rule alone counts from the whole price
      Given the rules:
        | NAME  | OFF  | ALONE | LEAST |
        | tenth | 10 % |       |       |
        | big   | 15 % | yes   | 4000  |
      And an order of "1 x 4000 lamp"
      Then the quote is "4000 - big 600 + 490 = 3890"
      But for "1 x 3999 lamp" it is "3999 - tenth 400 + 490 = 4089"

    Scenario: Rules of a campaign replace those of the shop
      Given the rules:
        | NAME | OFF | TIER   |
        | gold | 7 % | silver |
      And an order of "10 x 100 pen" by a gold customer
      Then the quote is "1000 + 490 = 1490"
      And without rules it is "1000 + 490 = 1490"
      But the shop's own rules quote "1000 - bulk 100 - gold 45 + 490 = 1345"
