Feature: Filters, order and pages from a query string
  A list of tickets is asked for with a query string. A ticket has a title (text), a status
  (open, closed or on hold), points (a number), a day on which it was created, and a flag
  that says whether it is urgent.

  Rule: Parameters named like a field are filters

    Scenario: Values have the type of their field
      When "title=Oil&status=open&points=5&created=2026-03-14&urgent=true" is read
      Then the filters are 'title eq "Oil", status eq "open", points eq 5, created eq "2026-03-14", urgent eq true'

    Scenario: An operator in brackets
      When "points[gte]=-2.5&points[lt]=8&status[ne]=closed&title[contains]=oil" is read
      Then the filters are 'points gte -2.5, points lt 8, status ne "closed", title contains "oil"'

    Scenario: One of several values
      When "status[in]=open,closed&points[in]=1,2,3" is read
      Then the filters are 'status in ["open","closed"], points in [1,2,3]'

    Scenario: Encoded characters
      When "status=on+hold&title=50%25%20%26+more&points%5Bgt%5D=1" is read
      Then the filters are 'status eq "on hold", title eq "50% & more", points gt 1'

    Scenario: An encoded comma belongs to its value
      When "title[in]=nuts%2C+bolts,nails" is read
      Then the filters are 'title in ["nuts, bolts","nails"]'

  Rule: The list can be ordered and comes in pages

    Scenario: An order by several fields
      When "sort=-created,title" is read
      Then the order is "created descending, title ascending"

    Scenario: A page
      When "page=3&limit=50" is read
      Then it is page 3 of 50 rows each

    Scenario: Without parameters everything has its default
      When "" is read
      Then it is page 1 of 20 rows each
      And the order is ""
      But with "limit=7" it is page 1 of 7 rows each

  Rule: Everything that is wrong is named at once

    Scenario: Names and values that are not known
      When "colour=red&points=many&status=open&urgent=maybe&sort=size&page=0" is read
      Then the problems are in "colour, points, urgent, sort, page"

    Scenario: Operators that do not suit their field
      When "urgent[gt]=true&points[like]=3&status[contains]=open&title[lt]=x" is read
      Then the problems are in "urgent[gt], points[like], status[contains], title[lt]"
