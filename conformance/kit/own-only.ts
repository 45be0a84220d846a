import type { Door } from './stack.ts'

/**
 * Lets a tenant reach by id only what is its own: the app asks before each call.
 *
 * @param isOwn tells whose an id is: by a table of the app, or by the stack where that can
 */
export function ownOnly(door: Door, isOwn: (id: string) => boolean | Promise<boolean>): Door {
  // Missing and somebody else's are one refusal: a difference would tell who has what.
  const own = async (id: string) => {
    if (!(await isOwn(id))) throw new Error('There is no such id.')
    return id
  }
  return {
    ...door,
    read: async (id) => await door.read(await own(id)),
    ...(door.history && { history: async (id) => await door.history?.(await own(id)) }),
    ...(door.update && { update: async (id, text) => await door.update?.(await own(id), text) }),
    ...(door.remove && { remove: async (id) => await door.remove?.(await own(id)) }),
  }
}
