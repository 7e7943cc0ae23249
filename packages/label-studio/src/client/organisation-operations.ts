import type { Connection } from './connection.ts'
import { LabelStudioError } from './error.ts'
import type { LabelStudio, LabelStudioUser } from './label-studio.ts'
import { listOf, readFields, readText, readWhole, type Read } from './read.ts'

type OrganisationOperations = Pick<LabelStudio, 'health' | 'version' | 'currentUser' | 'users' | 'inviteLink'>

const readUser: Read<LabelStudioUser> = (value, where) => {
  const fields = readFields(value, where)
  return { id: readWhole(fields['id'], `${where}.id`), email: readText(fields['email'], `${where}.email`) }
}

export function organisationOperations({ api, url, required }: Connection): OrganisationOperations {
  return {
    async health() {
      const { status } = readFields(await required('question how it is', api.GET('/health')), 'the health')
      if (status === 'UP') return
      throw new LabelStudioError('unavailable', 'Label Studio says that it is not up', 'Try again when it has started')
    },
    async version() {
      const answer = await required('question which release it is', api.GET('/api/version'))
      return readText(readFields(answer, 'the version')['release'], 'release')
    },
    async currentUser() {
      return readUser(await required('question whose token it is', api.GET('/api/current-user/whoami')), 'the user')
    },
    async users() {
      return listOf(readUser)(await required('request for users', api.GET('/api/users/')), 'users')
    },
    async inviteLink() {
      const answer = readFields(await required('request for the invitation', api.GET('/api/invite')), 'the invitation')
      const link = URL.parse(readText(answer['invite_url'], 'invite_url'), `${url}/`)
      if (link !== null) return link.href
      throw new LabelStudioError(
        'invalid-answer',
        'The invitation of Label Studio is no address',
        'Check its HOST setting',
      )
    },
  }
}
